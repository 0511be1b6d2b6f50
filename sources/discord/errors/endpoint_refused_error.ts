import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 403 with 20001 or 20002: not for bots, or for bots only (reference discord §9). */
export class DiscordEndpointRefusedError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_ENDPOINT_REFUSED'
  readonly kind = 'configuration'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} is not open to this kind of account.`,
      'Set bot_token to the token of a bot, not of a user.',
      init,
    )
  }
}
