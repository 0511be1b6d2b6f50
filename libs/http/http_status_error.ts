import { ParleyError } from '../connect/error.ts'
import type { Instant } from '../connect/instant.ts'

export interface HttpStatusInit {
  status: number
  method: string
  /** Without query: it may hold tokens. */
  path: string
  headers: Readonly<Record<string, string>>
  /** The parsed JSON body, or undefined where it is none. */
  body: unknown
  date: Instant | undefined
}

/** An answer with an error status that asking again would not change. Sources turn it into an error of their own. */
export class HttpStatusError extends ParleyError {
  readonly code = 'PARLEY_HTTP_STATUS'
  readonly kind = 'source'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly date: Instant | undefined

  constructor(init: HttpStatusInit) {
    super(`${init.method} ${init.path} was answered ${init.status}.`, {
      remedy: "Look up the status in the API's documentation.",
      details: { status: init.status, method: init.method, path: init.path },
    })
    this.status = init.status
    this.headers = init.headers
    this.body = init.body
    this.date = init.date
  }
}
