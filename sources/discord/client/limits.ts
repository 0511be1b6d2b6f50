import type { Bucket } from '../../../libs/http/types.ts'
import type { Route } from './routes.ts'

/** Observed on lists of messages, a channel: `GET /channels/{c}/messages` (reference discord §8). No limit is documented. */
const ROUTE_REQUESTS = 5
const ROUTE_WINDOW_MS = 5000

/** Key of the bucket that every request of the bot counts against. */
export const GLOBAL_KEY = 'global'

/** The buckets a request counts against, most specific first. */
export function bucketsFor(route: Route, globalPerSecond: number): Bucket[] {
  return [
    {
      key: `${route.template} ${route.major}`.trimEnd(),
      limit: ROUTE_REQUESTS,
      windowMs: ROUTE_WINDOW_MS,
      rule: route.template,
      ofPartition: route.major !== '',
    },
    { key: GLOBAL_KEY, limit: globalPerSecond, windowMs: 1000 },
  ]
}
