import { daysIn } from '../schema/timestamp_parser.ts'

/** A point in time in whole milliseconds since 1970-01-01T00:00:00Z. All windows are half-open: [a, b). */
export type Instant = number

/** `2026-11-22T10:00:00Z`, or with three digits where the milliseconds are not zero. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}

/**
 * The time of an ISO 8601 text that begins with `YYYY-MM-DD`; NaN where it is none, a day that its month does not
 * have, or an hour that no day has: `Date.parse` takes 31 February for 3 March, and 24:00 for midnight of the next day.
 */
export function parseInstant(text: string): Instant {
  const days = daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)))
  return Number(text.slice(8, 10)) > days || text.slice(11, 13) === '24' ? Number.NaN : Date.parse(text)
}
