import { formatBytes, formatCount, formatDuration, plural } from '../../libs/observe/format.ts'
import type { StatusFile } from '../../libs/observe/status_file.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import type { StatusReport } from '../sync/types.ts'

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
  const sections: string[] = []
  const runRows = runs.map((run) => [
    run.started_at,
    run.status,
    run.source,
    run.connection,
    run.completed_at ?? '-',
    run.run_id,
  ])
  sections.push(
    runs.length === 0
      ? 'No run yet.\n'
      : textTable([['started', 'status', 'source', 'connection', 'completed', 'run'], ...runRows]),
  )
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
  const problemRows = problems.map((line) => [
    line.table,
    line.partition,
    line.state,
    line.synced_until ?? '-',
    line.code ?? '',
    line.message ?? '',
  ])
  if (problems.length > 0)
    sections.push(textTable([['table', 'partition', 'state', 'synced until', 'code', 'message'], ...problemRows]))
  const quarantineRows = quarantine.map((line) => [line.table, line.connection, line.rows])
  if (quarantine.length > 0) sections.push(textTable([['quarantined in', 'connection', 'rows'], ...quarantineRows]))
  return sections.join('\n')
}
