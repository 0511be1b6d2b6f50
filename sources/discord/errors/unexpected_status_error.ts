import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** A status that the documentation does not name. */
export class DiscordUnexpectedStatusError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_UNEXPECTED_STATUS'
  readonly kind = 'source'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} was answered ${init.status}.`,
      'Look for a proxy that answers in place of Discord, or try again later.',
      init,
    )
  }
}
