import { ParleyError } from '../../../libs/connect/error.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

export interface DiscordErrorInit {
  status: number
  /** `code` of the JSON body (reference discord §9); undefined where there was none. */
  discordCode: number | undefined
  /** For display only: texts change. Empty where there was none. */
  discordMessage: string
  /** `GET /api/v10/channels/…`, without query. */
  request: string
}

/** The base of every answer of Discord that concerns the request, not the connection. */
export abstract class DiscordError extends ParleyError {
  readonly status: number
  readonly discordCode: number | undefined

  constructor(message: string, remedy: string, init: DiscordErrorInit, details: JsonObject = {}) {
    super(init.discordMessage === '' ? message : `${message} Discord says: ${init.discordMessage}`, {
      remedy,
      details: {
        status: init.status,
        ...(init.discordCode === undefined ? {} : { discord_code: init.discordCode }),
        request: init.request,
        ...details,
      },
    })
    this.status = init.status
    this.discordCode = init.discordCode
  }
}
