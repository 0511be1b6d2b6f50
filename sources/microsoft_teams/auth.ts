import type { Runtime } from '../../libs/connect/source.ts'
import type { Redactor } from '../../libs/http/redaction.ts'
import type { AttemptInfo } from '../../libs/http/types.ts'
import type { FetchedToken } from './client/msal.ts'

/** Renewed this long before they end, or at half their life if that is shorter. */
const RENEW_BEFORE_MS = 5 * 60_000
/** After a renewal in the background failed, the old token serves for at least this long before the next try. */
const RENEW_AGAIN_MS = 10_000

interface Token {
  header: string
  renewAt: number
  endsAt: number
}

export interface TokenSource {
  fetch(): Promise<FetchedToken>
}

/**
 * The access token of a connection: one fetch at a time however many ask, renewed in the background while the old one
 * still holds, so that no request waits for a token except the first.
 */
export class TokenProvider {
  readonly #source: TokenSource
  readonly #runtime: Pick<Runtime, 'now'>
  readonly #redactor: Redactor
  #token: Token | undefined
  #pending: Promise<Token> | undefined

  constructor(source: TokenSource, runtime: Pick<Runtime, 'now'>, redactor: Redactor) {
    this.#source = source
    this.#runtime = runtime
    this.#redactor = redactor
  }

  /** The header to send. @throws AuthError, errors of the HTTP client, the signal's reason. */
  async authorize(info: AttemptInfo): Promise<Readonly<Record<string, string>>> {
    const token = this.#usable(info) ?? (await abortable(this.#renew(), info.signal))
    return { authorization: token.header }
  }

  #usable(info: AttemptInfo): Token | undefined {
    const now = this.#runtime.now()
    const token = this.#token
    // Fifty requests may be answered 401 for one token: only the first of them fetches another.
    if (token !== undefined && info.force && info.rejected?.authorization === token.header) this.#token = undefined
    if (this.#token === undefined || now >= this.#token.endsAt) return undefined
    if (now >= this.#token.renewAt) this.#renewInBackground(this.#token)
    return this.#token
  }

  #renewInBackground(token: Token): void {
    this.#renew().catch(() => {
      // Whether it matters shows when the token has ended: then the fetch is waited for, and its error is thrown.
      token.renewAt = this.#runtime.now() + RENEW_AGAIN_MS
    })
  }

  #renew(): Promise<Token> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #fetch(): Promise<Token> {
    const askedAt = this.#runtime.now()
    const { value, seconds } = await this.#source.fetch()
    this.#redactor.add(value)
    const lifeMs = seconds * 1000
    const endsAt = askedAt + lifeMs
    this.#token = { header: `Bearer ${value}`, endsAt, renewAt: endsAt - Math.min(RENEW_BEFORE_MS, lifeMs / 2) }
    return this.#token
  }
}

/** Waits for a fetch that others share: who gives up leaves it running for them. */
function abortable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
