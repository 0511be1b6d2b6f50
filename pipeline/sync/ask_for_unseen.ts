import { isPassingTrouble } from '../../libs/connect/error.ts'
import type { FeedDefinition, ReadArgs } from '../../libs/connect/feed.ts'
import { type AskedRows, jobName, type ListedWhole } from '../destinations/destination.ts'
import type { Committer } from './committer.ts'
import type { Work } from './feed_plan.ts'
import type { ShownKeys } from './shown_keys.ts'
import type { SyncJob } from './types.ts'

/** More rows than this that vanish at once are decided by the listing, or the next one. */
const MAX_LOOKS = 500

/**
 * Asks the API for each row that a whole listing lacks: lists also leave out what the caller may not see. A row that
 * answers, or that nobody may say, stays; a trouble with one of them keeps it for the next listing.
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
  for (const key of keys.slice(0, MAX_LOOKS))
    asked[(await isAbsent(key, job, feed, args)) ? 'absent' : 'kept'].push(key)
  return { ...listed, asked }
}

async function isAbsent<C>(
  key: string,
  { table, primaryKeys }: SyncJob,
  feed: FeedDefinition<C>,
  args: ReadArgs<C>,
): Promise<boolean> {
  const values = JSON.parse(key) as unknown[]
  const byColumn = Object.fromEntries(primaryKeys.map((column, index) => [column, String(values[index])]))
  try {
    // Another table of the feed may have asked for the same.
    const look = args.session.once(`row ${table.name} ${key}`, () => feed.lookAtRow!(table.name, byColumn, args))
    return (await look).state === 'absent'
  } catch (error) {
    if (!isPassingTrouble(error)) throw error
    return false
  }
}
