import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 400 with 10014: the reactions of this emoji cannot be listed, although the message has them (reference discord §3). */
export class DiscordUnknownEmojiError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_UNKNOWN_EMOJI'
  readonly kind = 'source'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request}: the emoji cannot be looked up.`,
      'Nothing: the number of these reactions is known, who made them is not.',
      init,
    )
  }
}
