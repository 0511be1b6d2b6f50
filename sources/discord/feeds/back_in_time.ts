/**
 * How far pages overlap, in µs. `before` is exclusive, and nobody says how fine it is: by a millisecond first; where that
 * shows nothing new, as many rows are of one, by a microsecond; and past a whole page of one moment at last.
 */
const OVERLAPS = [1000, 1, 0] as const

/**
 * Where the next page begins of a list that goes back in time. Rows can have the same time, so pages overlap, and rows
 * can come twice.
 *
 * @param timeOf when a row is placed, ISO 8601 with up to six digits; undefined where it does not say
 * @param idOf what tells two rows apart
 */
export function backInTime(timeOf: (row: unknown) => string | undefined, idOf: (row: unknown) => unknown) {
  const seen = new Set<unknown>()
  let oldest = Number.POSITIVE_INFINITY
  let finer = 0
  return (rows: readonly unknown[], hasMore: boolean): string | undefined => {
    const known = seen.size
    for (const row of rows) seen.add(idOf(row))
    oldest = Math.min(oldest, ...rows.map((row) => microsOf(timeOf(row))))
    finer = seen.size > known ? 0 : finer + 1
    const overlap = OVERLAPS[finer]
    return hasMore && Number.isFinite(oldest) && overlap !== undefined ? formatMicros(oldest + overlap) : undefined
  }
}

/** Infinite where there is no time. */
function microsOf(text = ''): number {
  const time = Date.parse(text)
  const micros = /\.\d{3}(\d{3})/.exec(text)?.[1] ?? 0
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time * 1000 + Number(micros)
}

function formatMicros(time: number): string {
  const micros = String(time % 1000).padStart(3, '0')
  return new Date(Math.floor(time / 1000)).toISOString().replace('Z', `${micros}Z`)
}
