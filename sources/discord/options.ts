import type { OptionSet } from '../../libs/connect/options.ts'
import { httpOptionsWith } from '../../libs/http/options.ts'

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
  // An address that sends too many refused requests is banned: fewer tries, further apart (reference discord §8).
  ...httpOptionsWith({ max_attempts: 5, retry_delay_ms: 1000 }),
} as const satisfies OptionSet
