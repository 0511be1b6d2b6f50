/** A point in time in whole milliseconds since 1970-01-01T00:00:00Z. All windows are half-open: [a, b). */
export type Instant = number

/** `2026-11-22T10:00:00Z`, or with three digits where the milliseconds are not zero. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}

/**
 * The time of an ISO 8601 text that begins with `YYYY-MM-DD`; NaN where it is none, or a day that its month does not
 * have: `Date.parse` takes 31 February for 3 March.
 */
export function parseInstant(text: string): Instant {
  const time = Date.parse(text)
  const day = Number(text.slice(8, 10))
  // Every month has 28 days. Day 0 of the month after is the last one of this.
  if (!(day > 28)) return time
  const last = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
  return day <= last ? time : Number.NaN
}
