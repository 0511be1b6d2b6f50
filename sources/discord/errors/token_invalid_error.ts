import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 401: the token is wrong, or was reset. Asking on would lead to a ban of the address (reference discord §8). */
export class DiscordTokenInvalidError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_TOKEN_INVALID'
  readonly kind = 'configuration'
  override readonly endsRun = true

  constructor(init: DiscordErrorInit) {
    super(
      'Discord does not accept the bot token.',
      'Set bot_token to the token of the page Bot in the developer portal; a token that was reset there is no longer valid.',
      init,
    )
  }
}
