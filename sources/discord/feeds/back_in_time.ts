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
 * @param limit rows of a full page: one that is shorter shows all of its moments, whatever it says of more
 * @param onPassedOver called where a page is full of one moment: there may be more of it, which nothing shows
 */
export function backInTime(
  timeOf: (row: unknown) => string | undefined,
  idOf: (row: unknown) => unknown,
  limit: number,
  onPassedOver: () => void = () => {},
) {
  const seen = new Set<unknown>()
  let oldest = Number.POSITIVE_INFINITY
  let finer = 0
  let wasFull = false
  return (rows: readonly unknown[], hasMore: boolean): string | undefined => {
    const known = seen.size
    const times = rows.map((row) => microsOf(timeOf(row)))
    // It was asked for finer than this list knows times: the rest of that millisecond was not shown.
    if (finer > 0 && wasFull && !times.some((time) => millisOf(time) === millisOf(oldest))) onPassedOver()
    for (const row of rows) seen.add(idOf(row))
    oldest = Math.min(oldest, ...times)
    finer = seen.size > known ? 0 : finer + 1
    wasFull = rows.length >= limit
    const overlap = OVERLAPS[finer]
    return hasMore && Number.isFinite(oldest) && overlap !== undefined ? formatMicros(oldest + overlap) : undefined
  }
}

const millisOf = (micros: number): number => Math.floor(micros / 1000)

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
