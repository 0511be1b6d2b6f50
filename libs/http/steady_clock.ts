/**
 * A clock that never goes back, made of one that may: when the machine's time is put back, it goes on from where it was.
 * Pauses and paces are kept as moments; without this a clock put back by two hours would hold every request for two hours.
 *
 * @param now milliseconds since 1970 of the local machine
 * @example
 * const now = steadyClock(Date.now)
 */
export function steadyClock(now: () => number): () => number {
  let last = now()
  let ahead = 0
  return () => {
    const read = now()
    if (read < last) ahead += last - read
    last = read
    return read + ahead
  }
}
