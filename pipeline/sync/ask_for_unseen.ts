import type { FeedDefinition, ReadArgs, Sighting } from '../../libs/connect/feed.ts'
import { jobName, type ListedWhole } from '../destinations/destination.ts'
import type { Committer } from './committer.ts'
import type { Work } from './feed_plan.ts'
import { lookAtRows } from './look_at_rows.ts'
import { sameKey } from './row_keys.ts'
import type { SyncJob } from './types.ts'

/**
 * Asks the API for each row that a whole listing lacks. See `lookAtRows`.
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
  const look = (key: string) => lookAt(key, job, feed, args)
  return { ...listed, asked: await lookAtRows(keys, look, { seed: String(listed.generation.id), narrowed }) }
}

/** Whether a row's key, as a job has it, tells the API which row is meant. */
export function canAskForRows({ table, primaryKeys }: SyncJob, anonymized: boolean): boolean {
  const isHashed = (key: string) => anonymized && table.schema.fields[key]!.personalRule !== null
  return table.primaryKeys.every((key) => primaryKeys.includes(key) && !isHashed(key))
}

function lookAt<C>(
  key: string,
  { table, primaryKeys }: SyncJob,
  feed: FeedDefinition<C>,
  args: ReadArgs<C>,
): Promise<Sighting> {
  const values = JSON.parse(key) as unknown[]
  const byColumn = Object.fromEntries(primaryKeys.map((column, index) => [column, String(values[index])]))
  // Another table of the feed may have asked for the same.
  return args.session.once(`row ${table.name} ${key}`, () => feed.lookAtRow!(table.name, byColumn, args))
}
