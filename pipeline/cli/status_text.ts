import { formatBytes, formatCount, formatDuration, plural } from '../../libs/observe/format.ts'
import type { StatusFile } from '../../libs/observe/status_file.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import type { StatusReport } from '../sync/types.ts'
import { ASKED_AGAIN } from './sync_summary.ts'
import { withoutPartition } from './without_partition.ts'

/** Partitions, and tables, that a line of equal problems names. */
const MOST_NAMED = 3

/** A run that is under way. */
export function formatRunning(status: StatusFile): string {
  const { partitions, requests, throttled, bytes } = status
  const lines = [
    `running: ${status.source} (${status.connection}), run ${status.run_id}, process ${status.pid}`,
    `since ${status.started_at} (${formatDuration(status.seconds)}), as of ${status.updated_at}`,
    `${formatCount(partitions.done)} of ${plural(partitions.total, 'partition')} done, ${partitions.running} being read, ${partitions.behind} behind, ${partitions.refused} refused`,
    `${plural(status.rows, 'row')} read, ${formatCount(status.changed)} changed, ${plural(requests, 'request')}, ${formatBytes(bytes)}, throttled ${plural(throttled, 'time')}`,
  ]
  if (status.pause_seconds > 0) lines.push(`the server asked to wait ${formatDuration(status.pause_seconds)}`)
  return `${lines.join('\n')}\n`
}

/** What the state tables of a destination say. */
export function formatReport({ runs, coverage, problems, quarantine }: StatusReport): string {
  const sections: string[] = [runs.length === 0 ? 'No run yet.\n' : formatRuns(runs)]
  const coverageRows = coverage.map((line) => [
    line.table,
    line.connection,
    line.ok,
    line.behind,
    line.refused,
    line.gone,
    line.synced_until ?? '-',
  ])
  if (coverage.length > 0)
    sections.push(
      textTable([['table', 'connection', 'ok', 'behind', 'refused', 'gone', 'synced until'], ...coverageRows]),
    )
  if (problems.length > 0) sections.push(formatProblems(problems))
  const quarantineRows = quarantine.map((line) => [line.table, line.connection, line.rows])
  if (quarantine.length > 0) sections.push(textTable([['quarantined in', 'connection', 'rows'], ...quarantineRows]))
  return sections.join('\n')
}

function formatRuns(runs: StatusReport['runs']): string {
  const rows = runs.map((run) => [
    run.started_at,
    run.status,
    run.source,
    run.connection,
    run.completed_at ?? '-',
    run.run_id,
    run.error ? `${run.error.code}: ${run.error.message}` : '',
  ])
  const why = runs.some((run) => run.error) ? ['ended by'] : []
  const head = ['started', 'status', 'source', 'connection', 'completed', 'run', ...why]
  return textTable([head, ...rows.map((row) => row.slice(0, head.length))])
}

/** One missing permission refuses every team, in every table: equal problems are one line with a count. */
function formatProblems(problems: StatusReport['problems']): string {
  const groups = Map.groupBy(problems, (problem) => {
    const { connection, state, code } = problem
    return JSON.stringify([connection, state, code, withoutPartition(problem)])
  })
  const rows = [...groups.values()].map((group) => {
    const { state, code } = group[0]!
    const tables = [...new Set(group.map(({ table }) => table))]
    const partitions = [...new Set(group.map(({ partition }) => partition))]
    const until = group.map(({ synced_until }) => synced_until ?? '-').toSorted()
    return [
      firstOf(tables),
      partitions.length,
      firstOf(partitions),
      state,
      until[0]!,
      code ?? '',
      withoutPartition(group[0]!),
    ]
  })
  const head = ['table', 'count', 'partition', 'state', 'synced until', 'code', 'message']
  return `${textTable([head, ...rows])}${ASKED_AGAIN}\n`
}

const firstOf = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ' …' : '')
