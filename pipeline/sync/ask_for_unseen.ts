import { isParleyError } from '../../libs/connect/error.ts'
import type { FeedDefinition, ReadArgs } from '../../libs/connect/feed.ts'
import { type AskedRows, jobName, type ListedWhole } from '../destinations/destination.ts'
import type { Committer } from './committer.ts'
import type { Work } from './feed_plan.ts'
import type { SyncJob } from './types.ts'

/** More rows than this that vanish at once are decided by the next listing. */
const MAX_LOOKS = 500

/**
 * Asks the API for each row that a whole listing lacks: lists also leave out what the caller may not see. A row that
 * answers, or that nobody may say, stays; a trouble with one of them keeps it for the next listing.
 */
export async function askForUnseen<C>(
  listed: ListedWhole,
  { feed, jobs }: Pick<Work<C>, 'feed' | 'jobs'>,
  committer: Pick<Committer, 'unseen'>,
  args: ReadArgs<C>,
): Promise<ListedWhole> {
  const job = jobs.find((one) => jobName(one) === listed.job)!
  const keys = await committer.unseen(listed, MAX_LOOKS)
  const asked: AskedRows = { absent: [], kept: [] }
  for (const key of keys) asked[(await isAbsent(key, job, feed, args)) ? 'absent' : 'kept'].push(key)
  return keys.length === 0 ? listed : { ...listed, asked }
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
    if (!isParleyError(error) || error.kind !== 'source') throw error
    return false
  }
}
