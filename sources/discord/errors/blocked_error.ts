import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 403 by what stands before Discord: 40333, or a page in place of JSON (reference discord §1). Every other request would be blocked as well. */
export class DiscordBlockedError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_BLOCKED'
  readonly kind = 'configuration'
  override readonly endsRun = true

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} was blocked before it reached Discord.`,
      'Look for a proxy that answers in place of Discord or changes the User-Agent; else the address of this machine is blocked.',
      init,
    )
  }
}
