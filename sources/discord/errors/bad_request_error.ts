import { DiscordError, type DiscordErrorInit } from './discord_error.ts'

/** 400: the request is not understood. 50035 is a query that does not fit, 50008 and 50024 a channel that holds no messages (reference discord §9). */
export class DiscordBadRequestError extends DiscordError {
  readonly code = 'PARLEY_DISCORD_BAD_REQUEST'
  readonly kind = 'source'

  constructor(init: DiscordErrorInit) {
    super(
      `${init.request} was not understood.`,
      'Check the ids in the options; if they are right, report this request.',
      init,
    )
  }
}
