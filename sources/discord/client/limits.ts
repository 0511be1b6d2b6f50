import type { Bucket, BucketFact, HttpResponse } from '../../../libs/http/types.ts'
import { readRateHeaders } from './rate_headers.ts'
import type { Route } from './routes.ts'

/** Observed on lists of messages, a channel: `GET /channels/{c}/messages` (reference discord §8). No limit is documented. */
const ROUTE_REQUESTS = 5
const ROUTE_WINDOW_MS = 5000
/** Hashes of Discord that are remembered: there is about one a route. */
const MOST_HASHES = 1000

/** Key of the bucket that every request of the bot counts against. */
export const GLOBAL_KEY = 'global'

/**
 * The limits of a bot's requests. A route begins with a bucket of its own for each channel or guild; routes of which
 * Discord says that they have one bucket share one from then on (reference discord §8). The hash that comes with a
 * refusal is not believed: it may be another than the one that came before and comes after it.
 */
export class RouteLimits {
  readonly #globalPerSecond: number
  /** By hash the route that told it first; what all its routes are counted as. */
  readonly #byHash = new Map<string, string>()
  readonly #byTemplate = new Map<string, string>()

  constructor(globalPerSecond: number) {
    this.#globalPerSecond = globalPerSecond
  }

  /** The buckets a request counts against, most specific first. */
  bucketsFor(route: Route): [own: Bucket, global: Bucket] {
    const rule = this.#byTemplate.get(route.template) ?? route.template
    const perWindow = (this.#globalPerSecond * ROUTE_WINDOW_MS) / 1000
    const own: Bucket = {
      key: `${rule} ${route.major}`.trimEnd(),
      // How much a route allows is not documented: it may be as much as the bot as a whole may do.
      limit: perWindow,
      strict: Math.min(ROUTE_REQUESTS, perWindow),
      windowMs: ROUTE_WINDOW_MS,
      rule,
      ofPartition: route.major !== '',
    }
    return [own, { key: GLOBAL_KEY, limit: this.#globalPerSecond, windowMs: 1000 }]
  }

  /** What an answer tells about the bucket that its request was counted against. */
  learn(route: Route, key: string, answer: HttpResponse): BucketFact[] {
    const { hash, ...told } = readRateHeaders(answer.headers)
    if (hash !== undefined && answer.status !== 429) this.#learnHash(route.template, hash)
    return told.limit === undefined ? [] : [{ key, ...told, limit: told.limit }]
  }

  #learnHash(template: string, hash: string): void {
    const first = this.#byHash.get(hash)
    if (first === undefined) {
      const [oldest] = this.#byHash.keys()
      if (this.#byHash.size >= MOST_HASHES) this.#byHash.delete(oldest!)
      this.#byHash.set(hash, template)
    }
    this.#byTemplate.set(template, first ?? template)
  }
}
