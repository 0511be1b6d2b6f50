/** A point in time in whole milliseconds since 1970-01-01T00:00:00Z. All windows are half-open: [a, b). */
export type Instant = number

/** `2026-11-22T10:00:00Z`, or with three digits where the milliseconds are not zero. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}
