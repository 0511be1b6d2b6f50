import type { RequestLogEntry } from '../../libs/simulator/request_log.ts'
import type { Plan } from './plan_types.ts'

/** A request may be on its way while the clock goes on a little: the event loop needs some turns to carry it. */
const TRANSIT_MS = 50

/**
 * Requests that came before the server had allowed them and that must have known: no refusal was on its way to the
 * client when they were sent.
 *
 * Counted where only faults throttle: they are about one path. A documented limit is one of several that a request
 * counts against, the server does not say which, and a client that blames the wrong one comes too early for the right
 * one; test/unit/http/limiter.test.ts measures how rarely.
 */
export function countEarly(log: Iterable<RequestLogEntry>, { throttle, latencyMs = 0 }: Plan['world']): number {
  if (throttle === 'documented') return 0
  const entries = [...log]
  const refusals = entries.filter(({ status }) => status === 429 || status === 503)
  const isOnItsWay = (at: number) =>
    refusals.some((refusal) => refusal.at <= at && at <= refusal.at + latencyMs + TRANSIT_MS)
  return entries.filter(({ early, at }) => early === true && !isOnItsWay(at)).length
}
