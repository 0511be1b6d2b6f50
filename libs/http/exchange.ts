import { isDeepStrictEqual } from 'node:util'
import { ForeignRedirectError } from './foreign_redirect_error.ts'
import type { AttemptInfo, HttpRequest } from './types.ts'

/** Times that a request fetches other credentials. */
const MAX_REJECTIONS = 3
/** Redirects inside one origin that are followed for one request. */
const MAX_REDIRECTS = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** One request from its first attempt to its answer: what has been tried so far. */
export class Exchange {
  readonly request: HttpRequest
  url: URL
  #written: string
  /** Attempts sent. */
  attempts = 0
  /** Attempts that failed; throttled ones have not. */
  failures = 0
  refusals = 0
  /** When the server first held this request back. */
  heldSince: number | undefined
  fresh = false
  /** Time that failed attempts and the waits after them took; waits for a turn and throttling are not in it. */
  failedMs = 0
  sentAt = 0
  notFound = 0
  #redirects = 0
  #rejections = 0
  #rejected: Readonly<Record<string, string>> | undefined
  #force = false

  constructor(request: HttpRequest) {
    this.request = request
    this.url = new URL(request.url)
    this.#written = request.url
  }

  /**
   * What goes into the request line: exactly as the link was written, where HTTP allows it. A URL object would rewrite
   * quotes and other characters that some servers' page tokens contain.
   */
  get target(): string {
    const [, written] = /^[a-z]+:\/\/[^/?#]+([^#]*)/i.exec(this.#written) ?? []
    const usable = written?.startsWith('/') === true && !/[^\x21-\x7e]/.test(written)
    return usable ? written : this.url.pathname + this.url.search
  }

  /** Without the query, which may hold tokens. */
  get path(): string {
    return this.url.pathname
  }

  get name(): string {
    return `${this.request.method} ${this.path}`
  }

  /** Credentials for the next attempt; `force` is told once. */
  async authorize(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    if (this.request.authorize === undefined) return {}
    const info: AttemptInfo = { attempt: this.attempts + 1, force: this.#force, signal }
    if (this.#force && this.#rejected !== undefined) info.rejected = this.#rejected
    this.#force = false
    return this.request.authorize(info)
  }

  /**
   * After a 401: true when other credentials are worth a try. That is so more than once: a token that many requests
   * share can be used up by the others before this one has sent it.
   */
  reject(credentials: Readonly<Record<string, string>>): boolean {
    if (this.request.authorize === undefined || ++this.#rejections > MAX_REJECTIONS) return false
    if (isDeepStrictEqual(credentials, this.#rejected)) return false
    this.#rejected = credentials
    this.#force = true
    return true
  }

  /**
   * After a redirect: true when it stays in the origin and is followed.
   * @throws ForeignRedirectError when it leads elsewhere: our credentials do not go there.
   */
  redirect(status: number, location: string | undefined): boolean {
    if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, this.url.href)) return false
    const target = new URL(location, this.url.href)
    if (target.origin !== this.url.origin) throw new ForeignRedirectError(this.name, status, target.origin)
    if (this.request.method !== 'GET' || ++this.#redirects > MAX_REDIRECTS) return false
    this.url = target
    this.#written = target.href
    return true
  }
}
