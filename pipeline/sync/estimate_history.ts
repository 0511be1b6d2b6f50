import type { EarlierRuns } from './estimate_types.ts'
import type { RunResult } from './types.ts'

const rowsOf = (run: RunResult) => run.tables.reduce((sum, { read }) => sum + read, 0)

/**
 * What earlier runs of exactly these tables took; null where there was none.
 * @param runs whole runs of the connection
 * @param destinations `schema.table` of every table of the plan
 */
export function earlierRuns(runs: readonly RunResult[], destinations: readonly string[]): EarlierRuns | null {
  const wanted = destinations.toSorted().join('\n')
  const same = runs.filter(
    ({ tables }) =>
      tables
        .map(({ destination }) => destination)
        .toSorted()
        .join('\n') === wanted,
  )
  const largest = same.toSorted((one, other) => rowsOf(other) - rowsOf(one))[0]
  if (largest === undefined) return null
  const others = same.filter((run) => run !== largest)
  const { requests, seconds } = largest
  return {
    runs: same.length,
    largest: { requests, seconds, rows: rowsOf(largest) },
    usual:
      others.length === 0
        ? null
        : { requests: median(others.map((run) => run.requests)), seconds: median(others.map((run) => run.seconds)) },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)]!
}
