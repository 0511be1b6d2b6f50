import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 404: 10003 channel, 10004 guild (also one that the bot is not in), 10007 member, 10008 message, 10011 role, 10013 user (reference discord §9). */
export class DiscordNotFoundError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_NOT_FOUND'
  readonly kind = 'source'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} does not exist, or the bot is not there.`,
      'Check the ids in the options, and that the bot is a member of the server.',
      init,
    )
  }
}
