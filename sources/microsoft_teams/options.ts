import { anonymizeOptions } from '../../libs/anonymize/options.ts'
import { batchOptions } from '../../libs/connect/batch_options.ts'
import type { OptionSet } from '../../libs/connect/options.ts'
import { httpOptions } from '../../libs/http/options.ts'

/**
 * Every option of the source, declared once. Checks, the README's tables, `connector_spec.yaml` and
 * the allow-list of a Databricks connection follow from this.
 */
export const options = {
  tenant_id: {
    type: 'text',
    scope: 'connection',
    required: true,
    description: 'Directory (tenant) id of Microsoft Entra, a GUID or a domain.',
    example: '2432b57b-0abd-43db-aa7b-16eadd115d34',
  },
  client_id: {
    type: 'text',
    scope: 'connection',
    required: true,
    description: 'Application (client) id of the app registration.',
  },
  client_secret: {
    type: 'text',
    scope: 'connection',
    secret: true,
    description: 'Value (not id) of a client secret. Either this or a certificate.',
  },
  client_certificate: {
    type: 'text',
    scope: 'connection',
    secret: true,
    description: 'Certificate and private key in PEM, one after the other, in place of a client secret.',
  },
  cloud: {
    type: 'choice',
    scope: 'connection',
    choices: ['global', 'us_gov_l4', 'us_gov_l5', 'china'],
    default: 'global',
    description: 'National cloud: picks the login and Graph hosts and the scope of the token.',
  },
  graph_base_url: {
    type: 'origin',
    scope: 'connection',
    description: "Origin of Microsoft Graph, without a version; default: the cloud's own.",
    example: 'https://graph.microsoft.com',
  },
  login_base_url: {
    type: 'origin',
    scope: 'connection',
    description: "Origin of the login service; default: the cloud's own.",
    example: 'https://login.microsoftonline.com',
  },
  ...anonymizeOptions,
  ...httpOptions,
  team_id: {
    type: 'list',
    scope: 'table',
    description:
      'Read these teams only (ids with commas between them, or a JSON list). Default: every team of the tenant.',
  },
  channel_id: {
    type: 'list',
    scope: 'table',
    withOne: 'team_id',
    description: 'Read these channels only; needs exactly one team_id.',
  },
  team_filter: {
    type: 'text',
    scope: 'table',
    description:
      'Read only the teams that this $filter of the list of teams lets through. Passed to Graph as it is written.',
    example: "startswith(displayName,'Sales')",
  },
  channel_filter: {
    type: 'text',
    scope: 'table',
    description:
      "Read only the channels that this $filter of a team's list of channels lets through, and what is in them.",
    example: "membershipType eq 'private'",
  },
  member_filter: {
    type: 'text',
    scope: 'table',
    description: 'Read only the members that this $filter lets through: tables members and channel_members.',
    example: "(microsoft.graph.aadUserConversationMember/email eq 'ada@example.com')",
  },
  start_date: {
    type: 'instant',
    scope: 'table',
    before: 'end_date',
    description: 'Read messages last changed at or after this time. Default: all that the API still has.',
    example: '2026-01-01',
  },
  end_date: {
    type: 'instant',
    scope: 'table',
    description: 'Read messages last changed before this time. Default: now.',
  },
  read_mode: {
    type: 'choice',
    scope: 'table',
    choices: ['auto', 'export', 'delta', 'list'],
    default: 'auto',
    description:
      'How messages are read. export: all channels of a team together; delta: what changed, channel by channel; list: whole channels every time; auto: export, and delta for shared channels and for teams that refuse the export.',
  },
  lookback_seconds: {
    type: 'integer',
    scope: 'table',
    default: 300,
    min: 0,
    max: 31_536_000,
    description: 'How far each read goes back behind the last one, for changes that the API shows late.',
  },
  settle_seconds: {
    type: 'integer',
    scope: 'table',
    default: 60,
    min: 0,
    max: 86_400,
    description: "How far a read stays behind the API's clock, so that a moment is complete before it is read.",
  },
  rewalk_horizon: {
    type: 'integer',
    scope: 'table',
    default: 86_400,
    min: 0,
    max: 31_536_000,
    description: 'Seconds. A window of several pages that ends this close to now is read until two reads agree.',
  },
  page_size: {
    type: 'integer',
    scope: 'table',
    default: 50,
    min: 1,
    max: 50,
    description: 'Messages a request asks for.',
  },
  ...batchOptions,
  include_channel_email: {
    type: 'boolean',
    scope: 'table',
    default: false,
    description: "Ask for the channels' mail addresses too. They are costly for the service, which advises against it.",
  },
  message_id: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'Replies are read for all messages; message_id does nothing.',
  },
  fetch_all_teams: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'All teams are read unless team_id is set; fetch_all_teams does nothing.',
  },
  fetch_all_channels: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'All channels are read unless channel_id is set; fetch_all_channels does nothing.',
  },
  fetch_all_messages: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'Replies are read for all messages; fetch_all_messages does nothing.',
  },
  use_delta_api: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'read_mode says how messages are read; use_delta_api does nothing.',
  },
  top: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'The page size is page_size; top does nothing.',
  },
  max_concurrent_threads: {
    type: 'text',
    scope: 'table',
    description: 'Accepted from other specs.',
    ignored: 'Parallel requests are set by max_concurrent_requests; max_concurrent_threads does nothing.',
  },
} as const satisfies OptionSet
