/** Between two runs the destination is free at least so long, however long a run takes. */
const LEAST_PAUSE_SECONDS = 10
/** Runs that fail one after the other wait longer and longer, up to this, or to the schedule where that is slower. */
const MOST_BACK_OFF_SECONDS = 3600

/**
 * Seconds until the next run of `--every`. Runs begin `every` seconds after one another; where one takes longer, after
 * a short pause. After failures the pause doubles each time.
 *
 * @param took seconds of the run that has ended
 * @param failures runs in a row that failed, this one included
 */
export function pauseSeconds(every: number, took: number, failures: number): number {
  if (failures > 1) return Math.max(every, Math.min(every * 2 ** (failures - 1), MOST_BACK_OFF_SECONDS))
  return Math.max(every - took, Math.min(LEAST_PAUSE_SECONDS, every))
}
