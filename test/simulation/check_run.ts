import { type Check, type Facts, some } from './game.ts'
import { isAllowedError } from './run_once.ts'
import type { StoredLine } from './stored.ts'

/** Of one run of these small tenants; far above what is usual, far below a run that goes in circles. */
const MOST_REQUESTS = 6_000
const MOST_MILLISECONDS = 48 * 3_600_000

/** I8. A run ends, within a bound of requests and time, by itself or as it was told to, and with a status or a coded error. */
export const runEnds: Check = ({ outcome, after }) => {
  const { result, error, stopped, requests, milliseconds } = outcome
  const problems: string[] = []
  if (result === null && !isAllowedError(error)) problems.push(`the run threw ${describe(error)}`)
  if (result?.status === 'interrupted' && stopped === null) problems.push('interrupted by nobody: it hung')
  if (requests > MOST_REQUESTS) problems.push(`${requests} requests`)
  if (milliseconds > MOST_MILLISECONDS) problems.push(`${milliseconds / 1000} s`)
  const open = after?.runs.filter(({ status }) => status === 'running') ?? []
  if (open.length > (stopped === 'crash' ? 1 : 0)) problems.push(`${open.length} runs still say running`)
  return problems
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** I9. What a run says of itself agrees with what is stored. */
export const statusAgrees: Check = (facts) => {
  const { result, stopped } = facts.outcome
  if (result === null || stopped !== null) return []
  const unread = unreadLines(facts)
  const problems: string[] = []
  if (result.status === 'ok' && (unread.length > 0 || result.errors.length > 0))
    problems.push(...some('ok in spite of', [...unread.map(lineText), ...result.errors.map(({ code }) => code)]))
  if (result.status === 'partial' && unread.length === 0) problems.push('partial, but every partition was read')
  if (result.status !== 'ok' && result.errors.length === 0) problems.push(`${result.status} without a reason`)
  for (const { destination, partitions } of result.tables) {
    const { total, done, failed, refused } = partitions
    if (total !== done + failed + refused)
      problems.push(`${destination}: ${JSON.stringify(partitions)} does not add up`)
  }
  return [...problems, ...miscounted(facts)]
}

function unreadLines({ after, tables, game }: Facts): StoredLine[] {
  const jobs = new Set(tables.map((table) => `${game.source.name}.${table}`))
  return (after?.coverage ?? []).filter(
    ({ job, state }) => jobs.has(job) && (state === 'behind' || state === 'refused'),
  )
}

const lineText = ({ job, partition, state, code }: StoredLine) => `${job} ${partition} ${state} ${code}`

/** Rows that a table has more than before are those that the run says it inserted, less those that it deleted. */
function miscounted({ plan, outcome, before, after, game }: Facts): string[] {
  if (plan.scdType === 'SCD_TYPE_2') return []
  return outcome.result!.tables.flatMap(({ table, inserted, deleted }) => {
    const more = (after?.counts.get(table) ?? 0) - (before?.counts.get(table) ?? 0)
    const isMarked = game.source.tables.find(({ name }) => name === table)!.softDelete !== undefined
    // What is marked stays, and appended it is one more row.
    const lost = !isMarked ? deleted : plan.scdType === 'APPEND_ONLY' ? -deleted : 0
    return more === inserted - lost ? [] : [`${table}: ${more} more rows, but ${inserted} inserted, ${deleted} deleted`]
  })
}

/** I10. Nothing is asked before the server allowed it. */
export const neverEarly: Check = ({ outcome }) =>
  outcome.early === 0 ? [] : [`${outcome.early} requests came before Retry-After was over`]
