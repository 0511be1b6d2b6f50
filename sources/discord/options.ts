import { anonymizeOptions } from '../../libs/anonymize/options.ts'
import { batchOptions } from '../../libs/connect/batch_options.ts'
import type { OptionSet } from '../../libs/connect/options.ts'
import { httpOptionsWith } from '../../libs/http/options.ts'

/** Ids as Discord writes them (reference §2). */
const SNOWFLAKE = /^[1-9]\d{0,19}$/

/**
 * Every option of the source, declared once. Checks, the README's tables, `connector_spec.yaml` and
 * the allow-list of a Databricks connection follow from this.
 */
export const options = {
  bot_token: {
    type: 'text',
    scope: 'connection',
    required: true,
    secret: true,
    description: 'Token of the bot, from the page Bot of the developer portal; with or without `Bot ` in front.',
  },
  discord_base_url: {
    type: 'origin',
    scope: 'connection',
    default: 'https://discord.com',
    description: 'Origin of the API, without a version.',
  },
  global_requests_per_second: {
    type: 'integer',
    scope: 'connection',
    default: 50,
    min: 1,
    max: 10_000,
    description:
      'Requests a second that Discord allows this bot over all routes. Raise it where Discord has raised yours.',
  },
  ...anonymizeOptions,
  // An address that sends too many refused requests is banned: fewer tries, further apart (reference discord §8).
  ...httpOptionsWith({ max_attempts: 5, retry_delay_ms: 1000 }),
  guild_id: {
    type: 'list',
    scope: 'table',
    shape: { matches: SNOWFLAKE, is: 'the id of a Discord server: digits alone' },
    description:
      'Read these servers only (ids with commas between them, or a JSON list). Default: every one the bot is a member of.',
  },
  channel_id: {
    type: 'list',
    scope: 'table',
    shape: { matches: SNOWFLAKE, is: 'the id of a Discord channel or thread: digits alone' },
    description:
      'Read only these channels or threads, with the threads below them: messages, reactions, attachments and pins.',
  },
  start_date: {
    type: 'instant',
    scope: 'table',
    before: 'end_date',
    description: 'Read messages written at or after this time. Default: all.',
    example: '2026-01-01',
  },
  end_date: {
    type: 'instant',
    scope: 'table',
    description:
      'Read messages written before this time. Edits and deletions of them are seen as long as they are in `edit_rescan_window`. Default: now.',
  },
  edit_rescan_window: {
    type: 'duration',
    scope: 'table',
    default: 604_800,
    max: 315_360_000,
    description:
      'How far back messages are read again, for edits, reactions and deletions. Those of older messages are seen with --full only.',
    example: '7d',
  },
  lookback_seconds: {
    type: 'integer',
    scope: 'table',
    default: 300,
    min: 0,
    max: 31_536_000,
    description: 'The least that is read again behind the last read, for messages that the API shows late.',
  },
  settle_seconds: {
    type: 'integer',
    scope: 'table',
    default: 0,
    min: 0,
    max: 86_400,
    description: "How far a read stays behind the API's clock.",
  },
  page_size: {
    type: 'integer',
    scope: 'table',
    default: 100,
    min: 1,
    max: 100,
    environment: 'SYNC_MESSAGE_FETCH_SIZE',
    description: 'Messages a request asks for.',
  },
  include_reaction_users: {
    type: 'boolean',
    scope: 'table',
    default: false,
    description:
      'Ask who reacted, one request or more an emoji of a message, where its count has changed: column users of message_reactions.',
  },
  ...batchOptions,
} as const satisfies OptionSet
