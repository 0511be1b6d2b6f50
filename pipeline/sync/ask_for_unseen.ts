import { hash } from 'node:crypto'
import { isPassingTrouble } from '../../libs/connect/error.ts'
import type { FeedDefinition, ReadArgs, Sighting } from '../../libs/connect/feed.ts'
import { type AskedRows, jobName, type ListedWhole } from '../destinations/destination.ts'
import type { Committer } from './committer.ts'
import type { Work } from './feed_plan.ts'
import type { ShownKeys } from './shown_keys.ts'
import type { SyncJob } from './types.ts'

/** Rows that are asked for in one listing; what is left of them waits for the next. */
const MAX_LOOKS = 500
/** Refusals after which no more are asked for: where the caller may not see one, it may not see many, and refusals are counted. */
const MAX_REFUSED = 5

/**
 * Asks the API for each row that a whole listing lacks: lists also leave out what the caller may not see. A row that
 * answers, or of which nobody may say, stays; so does one that could not be asked for, until the next listing.
 *
 * @returns null: it lacks none, so that there is nothing to decide
 */
export async function askForUnseen<C>(
  listed: ListedWhole,
  shown: ShownKeys,
  { feed, jobs }: Pick<Work<C>, 'feed' | 'jobs'>,
  committer: Pick<Committer, 'unseen'>,
  args: ReadArgs<C>,
): Promise<ListedWhole | null> {
  const job = jobs.find((one) => jobName(one) === listed.job)!
  const keys = (await committer.unseen(listed)).filter((key) => !shown.has(listed.job, key))
  if (keys.length === 0) return null
  const asked: AskedRows = { absent: [], kept: [] }
  let refused = 0
  for (const [index, key] of shuffled(keys, listed.generation.id).entries()) {
    const isAsked = index < MAX_LOOKS && refused < MAX_REFUSED
    const state = isAsked ? await stateOf(key, job, feed, args) : 'unknown'
    if (state === 'refused') refused++
    asked[state === 'absent' ? 'absent' : 'kept'].push(key)
  }
  return { ...listed, asked }
}

/** Whether a row's key, as a job has it, tells the API which row is meant. */
export function canAskForRows({ table, primaryKeys }: SyncJob, anonymized: boolean): boolean {
  const isHashed = (key: string) => anonymized && table.schema.fields[key]!.personalRule !== null
  return table.primaryKeys.every((key) => primaryKeys.includes(key) && !isHashed(key))
}

/** In another order with every listing, so that those who always answer no keep nobody waiting for ever. */
function shuffled(keys: readonly string[], generation: number): string[] {
  const place = (key: string) => hash('sha256', `${generation} ${key}`, 'hex')
  const places = new Map(keys.map((key) => [key, place(key)]))
  return keys.toSorted((a, b) => (places.get(a)! < places.get(b)! ? -1 : 1))
}

async function stateOf<C>(
  key: string,
  { table, primaryKeys }: SyncJob,
  feed: FeedDefinition<C>,
  args: ReadArgs<C>,
): Promise<Sighting['state'] | 'unknown'> {
  const values = JSON.parse(key) as unknown[]
  const byColumn = Object.fromEntries(primaryKeys.map((column, index) => [column, String(values[index])]))
  try {
    // Another table of the feed may have asked for the same.
    const look = args.session.once(`row ${table.name} ${key}`, () => feed.lookAtRow!(table.name, byColumn, args))
    return (await look).state
  } catch (error) {
    if (!isPassingTrouble(error)) throw error
    return 'unknown'
  }
}
