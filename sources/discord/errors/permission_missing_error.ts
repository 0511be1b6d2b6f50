import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 403: 50001 is no access (View Channel, or a privileged intent), 50013 a permission that is missing (reference discord §9). */
export class DiscordPermissionMissingError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_PERMISSION_MISSING'
  readonly kind = 'configuration'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} is forbidden.`,
      'Give the role of the bot View Channel and Read Message History there; lists of members take the Server Members Intent, private threads Manage Threads.',
      init,
    )
  }
}
