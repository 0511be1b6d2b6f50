import { isPassingTrouble } from '../../libs/connect/error.ts'
import type { FeedDefinition, ReadArgs, Sighting } from '../../libs/connect/feed.ts'
import { type AskedRows, jobName, type ListedWhole } from '../destinations/destination.ts'
import type { Committer } from './committer.ts'
import type { Work } from './feed_plan.ts'
import { sameKey } from './row_keys.ts'
import { shuffled } from './shuffled.ts'
import type { SyncJob } from './types.ts'

/** Rows that are asked for in one listing; what is left of them waits for the next. */
const MAX_LOOKS = 500
/** The same of a listing that an option or a refusal has narrowed: it can lack the same rows for good. */
const MAX_LOOKS_NARROWED = 100
/** Refusals after which no more are asked for: where the caller may not see one, it may not see many, and refusals are counted. */
const MAX_REFUSED = 5

/**
 * Asks the API for each row that a whole listing lacks: lists also leave out what the caller may not see. A row that
 * answers, or of which nobody may say, stays; so does one that could not be asked for, until the next listing.
 *
 * @param shown keys of the listing's last page, which is not stored yet; all others are
 * @returns null: it lacks none, so that there is nothing to decide
 */
export async function askForUnseen<C>(
  listed: ListedWhole,
  shown: ReadonlySet<string>,
  { feed, jobs }: Pick<Work<C>, 'feed' | 'jobs'>,
  committer: Pick<Committer, 'unseen'>,
  args: ReadArgs<C>,
  narrowed: boolean,
): Promise<ListedWhole | null> {
  const job = jobs.find((one) => jobName(one) === listed.job)!
  const keys = (await committer.unseen(listed)).filter((key) => !shown.has(sameKey(key)))
  if (keys.length === 0) return null
  const asked: AskedRows = { absent: [], kept: [] }
  const most = narrowed ? MAX_LOOKS_NARROWED : MAX_LOOKS
  let refused = 0
  for (const [index, key] of shuffled(keys, String(listed.generation.id)).entries()) {
    const isAsked = index < most && refused < MAX_REFUSED
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
