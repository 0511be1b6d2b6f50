import type { HttpStatusError } from '../../../libs/http/http_status_error.ts'
import type { Redactor } from '../../../libs/http/redaction.ts'
import { DiscordBadRequestError } from '../errors/bad_request_error.ts'
import { DiscordBlockedError } from '../errors/blocked_error.ts'
import type { DiscordError, DiscordErrorInit } from '../errors/discord_error.ts'
import { DiscordEndpointRefusedError } from '../errors/endpoint_refused_error.ts'
import { DiscordNotFoundError } from '../errors/not_found_error.ts'
import { DiscordPermissionMissingError } from '../errors/permission_missing_error.ts'
import { DiscordTokenInvalidError } from '../errors/token_invalid_error.ts'
import { DiscordUnexpectedStatusError } from '../errors/unexpected_status_error.ts'
import { DiscordUnknownEmojiError } from '../errors/unknown_emoji_error.ts'
import { readErrorBody } from './error_body.ts'

/** Discord's messages are shown, never decided on; longer ones say nothing more. */
const MAX_MESSAGE = 500

const UNKNOWN_EMOJI = 10_014
const BLOCKED = 40_333
/** Bots cannot use this; only bots can. */
const KIND_OF_ACCOUNT: ReadonlySet<number | undefined> = new Set([20_001, 20_002])

/** The error that an answer of Discord stands for, by status and JSON code (reference discord §9). */
export function discordErrorOf(error: HttpStatusError, redactor: Redactor): DiscordError {
  const body = readErrorBody(error.body)
  const init: DiscordErrorInit = {
    status: error.status,
    discordCode: body?.code,
    discordMessage: redactor.text(body?.message ?? '').slice(0, MAX_MESSAGE),
    request: `${error.details.method} ${error.details.path}`,
  }
  switch (error.status) {
    case 400:
      return body?.code === UNKNOWN_EMOJI ? new DiscordUnknownEmojiError(init) : new DiscordBadRequestError(init)
    case 401:
      return new DiscordTokenInvalidError(init)
    case 403:
      // Discord itself answers JSON: a page comes from what stands before it.
      if (body === undefined || body.code === BLOCKED) return new DiscordBlockedError(init)
      if (KIND_OF_ACCOUNT.has(body.code)) return new DiscordEndpointRefusedError(init)
      return new DiscordPermissionMissingError(init)
    case 404:
      return new DiscordNotFoundError(init)
    default:
      return new DiscordUnexpectedStatusError(init)
  }
}
