import { formatBytes, formatCount, formatDuration, plural } from '../../libs/observe/format.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import type { RunError, RunResult } from '../sync/types.ts'
import { withoutPartition } from './without_partition.ts'

const MOST_ERRORS = 20
/** Partitions that a line of equal errors names. */
const MOST_PARTITIONS = 3

/** What somebody who reads of a refusal asks first. */
export const ASKED_AGAIN = 'Rows of partitions that were not read stay as they are; the next sync asks for them again.'

/** The result of a run for a person: a line a table, then what could not be read and what to do about it. */
export function formatSummary(result: RunResult): string {
  const { status, seconds, requests, throttled, retried, bytes } = result
  const rows: (string | number)[][] = [
    ['table', 'read', 'inserted', 'updated', 'deleted', 'rescued', 'quarantined', 'partitions'],
  ]
  for (const { destination, partitions, ...counts } of result.tables) {
    const numbers = [counts.read, counts.inserted, counts.updated, counts.deleted, counts.rescued, counts.quarantined]
    rows.push([destination, ...numbers.map(formatCount), describePartitions(partitions)])
  }
  const waits = `${throttled > 0 ? `, throttled ${plural(throttled, 'time')}` : ''}${retried > 0 ? `, retried ${plural(retried, 'time')}` : ''}`
  const totals = `${status} in ${formatDuration(seconds)}: ${plural(requests, 'request')}, ${formatBytes(bytes)}${waits} (run ${result.run_id})\n`
  const refilled = result.tables.reduce((sum, table) => sum + (table.refilled ?? 0), 0)
  const filled =
    refilled > 0
      ? `Columns were filled in ${plural(refilled, 'row')} that ${refilled === 1 ? 'is' : 'are'} otherwise as before.\n`
      : ''
  const goesOn = status === 'interrupted' ? '  → Run the same command again: it goes on where it stopped.\n' : ''
  return (result.tables.length > 0 ? `${textTable(rows)}\n` : '') + totals + goesOn + filled + formatErrors(result)
}

/** What `--output json` prints: the documented members in the documented order, and nothing else. */
export function resultToJson(result: RunResult): object {
  const { run_id, status, started_at, completed_at, seconds, requests, throttled, retried, bytes, tables, statistics } =
    result
  const errors = result.errors.map(({ partition, code, message, at, tables }) => ({
    partition,
    code,
    message,
    at,
    ...(tables === undefined ? {} : { tables }),
  }))
  return {
    run_id,
    status,
    started_at,
    completed_at,
    seconds,
    requests,
    throttled,
    retried,
    bytes,
    errors,
    tables,
    statistics,
  }
}

function describePartitions({ total, done, failed, refused }: RunResult['tables'][number]['partitions']): string {
  const failures = [failed > 0 ? `${failed} behind` : '', refused > 0 ? `${refused} refused` : ''].filter(
    (text) => text !== '',
  )
  return `${formatCount(done)} of ${formatCount(total)}${failures.length > 0 ? ` (${failures.join(', ')})` : ''}`
}

/**
 * Errors of one code and remedy in the same tables are told together, the remedy once after the partitions it is about;
 * those that say the same are one line.
 * Partitions are read side by side, so they come in an order that does not depend on which answered first.
 */
function formatErrors({ errors, tables }: RunResult): string {
  const order = tables.map(({ destination }) => destination)
  const placesOf = (error: RunError) =>
    (error.tables ?? []).toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).join(', ')
  const sorted = errors.toSorted(
    (a, b) => compare(a.partition ?? LAST, b.partition ?? LAST) || compare(a.message, b.message),
  )
  const byCode = Map.groupBy(sorted, (error) => [error.code, error.remedy, placesOf(error)].join('\n'))
  let text = ''
  for (const group of byCode.values()) {
    const { code, remedy } = group[0]!
    const places = placesOf(group[0]!)
    text += `\n${code}${places === '' ? '' : ` in ${places}`}\n`
    const equal = [...Map.groupBy(group, withoutPartition)]
    for (const [message, alike] of equal.slice(0, MOST_ERRORS)) text += `  ${partitionsOf(alike)}${message}\n`
    const more = equal.slice(MOST_ERRORS).reduce((sum, [, alike]) => sum + alike.length, 0)
    if (more > 0) text += `  … and ${plural(more, 'more partition')}\n`
    if (remedy) text += `  → ${remedy}\n`
  }
  return errors.some(({ partition }) => partition !== null) ? `${text}\n${ASKED_AGAIN}\n` : text
}

function partitionsOf(errors: readonly RunError[]): string {
  const named = errors.flatMap(({ partition }) => partition ?? [])
  if (named.length === 0) return ''
  const more = named.length - MOST_PARTITIONS
  return `${named.slice(0, MOST_PARTITIONS).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}: `
}

const LAST = '\uffff'
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
