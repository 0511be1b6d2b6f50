import type { FeedPage, ReadArgs, Refusal, RefusedPartition } from '../../libs/connect/feed.ts'
import { countRows, readFeed } from '../../libs/connect/read_feed.ts'
import type { Session } from '../../libs/connect/session.ts'
import type { Observer } from '../../libs/observe/events.ts'
import { type Coverage, jobName, type ListedWhole, type StoredState } from '../destinations/destination.ts'
import { askForUnseen, canAskForRows } from './ask_for_unseen.ts'
import type { Committer } from './committer.ts'
import { coveredUntil, fellBehind, isUnderWay, wasRefused } from './coverage.ts'
import { type Work, workFor } from './feed_plan.ts'
import { identify } from './identify.ts'
import type { KnownPartitions } from './known_partitions.ts'
import type { Place } from './read_ahead.ts'
import { rowKeys } from './row_keys.ts'
import type { RunReport } from './run_report.ts'
import type { SyncJob } from './types.ts'
import type { UnitPart } from './unit.ts'

export interface PartitionReader<C> {
  connection: C
  session: Session
  committer: Committer
  report: RunReport
  observer: Observer
  state: StoredState
  /** What earlier runs knew of a job's partitions, and what this one has begun. */
  known(job: SyncJob): KnownPartitions
  runId: string
  signal: AbortSignal
  now(): number
  /** Requests that wait for a limit of what one partition reads. */
  held(): number
  /** Keys that name persons are hashes, which the API does not know. */
  anonymized: boolean
}

/**
 * Reads one partition to its end and hands every page to the committer, with the cursor after it.
 * Remembers in `state` how far it got, so that a second try in this run goes on from there.
 * @throws what the feed or the committer threw; the pages before are kept
 */
export async function readPartition<C>(work: Work<C>, reader: PartitionReader<C>): Promise<HowRead<C>> {
  const place = reader.committer.place(work.feed.name)
  try {
    return await readPages(work, place, reader)
  } finally {
    reader.committer.leave(place)
  }
}

export type HowRead<C> = 'done' | 'refused' | { instead: Work<C>[] }

async function readPages<C>(work: Work<C>, place: Place, reader: PartitionReader<C>): Promise<HowRead<C>> {
  const { feed, partition, until, options } = work
  const { observer, committer, report, signal } = reader
  const tables = new Set(work.jobs.map((job) => job.table.name))
  const began = reader.now()
  let pages = 0
  let rows = 0
  let complete = false
  await committer.ready(place)
  observer({ type: 'partition_started', feed: feed.name, partition: partition.id, tables: [...tables] })
  for await (const page of readFeed(feed, reader.connection, partition, work.cursor, {
    tables,
    session: reader.session,
    until,
    options,
    signal,
  })) {
    if (page.refused !== undefined)
      return (await readInstead(work, reader, page.refused)) ?? refuse(work, reader, page.refused)
    pages += 1
    rows += countRows(page)
    report.countPage(work, page)
    observer({
      type: 'page',
      feed: feed.name,
      partition: partition.id,
      rows: countRows(page),
      received: page.received ?? countRows(page),
      by_table: rowsByJob(work, page),
    })
    const coverage = coverageOf(work, page, pages, reader)
    const superseded = page.complete ? supersededBy(work, reader) : []
    const part = partOf(work, page, reader)
    const listed = await askForMissing(part, page, work, reader)
    await committer.add({ ...part, listed, coverage, superseded }, place)
    work.cursor = page.cursor
    complete = page.complete
    if (!complete) await committer.ready(place)
  }
  if (!complete) await committer.add({ coverage: covered(work, reader), superseded: supersededBy(work, reader) })
  observer({
    type: 'partition_done',
    feed: feed.name,
    partition: partition.id,
    rows,
    pages,
    seconds: (reader.now() - began) / 1000,
  })
  return 'done'
}

/**
 * What a listing lacks is asked for one by one, where its feed can. One that was narrowed decides nothing by itself. Where
 * no row hangs on the partition, as with its first listing, none can be missing.
 */
async function askForMissing<C>(
  { listed }: PagePart,
  page: FeedPage,
  work: Work<C>,
  { committer, connection, session, signal, state, anonymized }: PartitionReader<C>,
): Promise<ListedWhole[]> {
  const narrowed = page.narrowed === true
  const jobOf = ({ job }: ListedWhole) => work.jobs.find((one) => jobName(one) === job)!
  const isAskable = (one: ListedWhole) => work.feed.lookAtRow !== undefined && canAskForRows(jobOf(one), anonymized)
  const isHeld = ({ job, partition, parts }: ListedWhole) =>
    parts.length > 0 || state.coverage.get(job)?.get(partition)?.seen === true
  const args = { connection, options: work.options, session, signal }
  const decided = listed.map(async (one) => {
    if (!isAskable(one)) return narrowed ? null : one
    if (!isHeld(one)) return null
    // The pages before: the destination answers of what is stored.
    if (one.generation.pages > 1) await committer.stored()
    const job = jobOf(one)
    return askForUnseen(one, rowKeys(job, page.rows.get(job.table.name) ?? []), work, committer, args, narrowed)
  })
  return (await Promise.all(decided)).filter((one) => one !== null)
}

async function refuse<C>(work: Work<C>, reader: PartitionReader<C>, refusal: Refusal): Promise<'refused'> {
  const { partition, feed } = work
  const lines = work.jobs.map((job) => {
    const before = reader.state.coverage.get(jobName(job))?.get(partition.id)
    return wasRefused(identify(job, partition, reader.runId), before, refusal)
  })
  await reader.committer.add({ coverage: lines })
  const { code, message } = refusal
  reader.observer({ type: 'partition_refused', feed: feed.name, partition: partition.id, code, message })
  reader.report.refused(work, refusal)
  return 'refused'
}

/** What the feed reads in place of a partition that answered no; null: nothing. */
async function readInstead<C>(
  work: Work<C>,
  reader: PartitionReader<C>,
  refusal: Refusal,
): Promise<{ instead: Work<C>[] } | null> {
  const { feed, options, jobs, until } = work
  const args: ReadArgs<C> = { connection: reader.connection, options, session: reader.session, signal: reader.signal }
  const others = await feed.fallback?.(work.partition, refusal, args)
  if (others == null) return null
  const instead: Work<C>[] = []
  for (const partition of others.partitions)
    instead.push(...(await workFor({ feed, options, jobs }, partition, until, reader.state, args)))
  // Before any of them makes the line of what they stand for history.
  await reader.committer.add({ coverage: instead.flatMap((one) => unknownYet(one, reader)) })
  for (const apart of others.refused ?? []) await setApart(work, reader, apart)
  return { instead }
}

/** Tells of what those that are read instead do not stand for: they must not make its line history. */
async function setApart<C>(
  work: Work<C>,
  reader: PartitionReader<C>,
  { partition, refusal, failed }: RefusedPartition,
): Promise<void> {
  for (const job of work.jobs) reader.known(job).keep(partition.id)
  reader.report.planned(work.jobs.map(jobName))
  const one = { ...work, partition }
  await (failed ? fallBehind(one, reader, refusal) : refuse(one, reader, refusal))
}

/** @param until where the read ends that this run has ended */
function covered<C>(work: Work<C>, { runId, state }: PartitionReader<C>, until = work.until): Coverage[] {
  const note = work.feed.note?.(work.partition) ?? null
  return work.jobs.map((job) => {
    // A run that stays further behind the API's clock than the one before takes nothing back of what that one has seen.
    const before = state.coverage.get(jobName(job))?.get(work.partition.id)?.synced_until ?? 0
    return coveredUntil(identify(job, work.partition, runId), Math.max(until, before), note)
  })
}

/** Lines that this partition now stands for: it was read another way, by earlier runs or until now by this one. */
function supersededBy<C>({ partition, jobs }: Work<C>, { known }: PartitionReader<C>) {
  return jobs.flatMap((job) =>
    known(job)
      .supersede(partition)
      .map(({ job, partition }) => ({ job, partition })),
  )
}

/** Coverage that is stored with a page: with the last one, and with the first one of a partition that is new. */
function coverageOf<C>(work: Work<C>, page: FeedPage, pages: number, reader: PartitionReader<C>): Coverage[] {
  // A listing is of the moment at which its walk began.
  if (page.complete) return covered(work, reader, page.since ?? page.generation?.id)
  return pages > 1 ? [] : unknownYet(work, reader)
}

/** Lines of a partition that no run knew before. */
function unknownYet<C>(work: Work<C>, reader: PartitionReader<C>): Coverage[] {
  return work.jobs
    .filter((job) => !reader.state.coverage.get(jobName(job))?.has(work.partition.id))
    .map((job) => {
      const line = isUnderWay(identify(job, work.partition, reader.runId))
      reader.known(job).note(work.partition, line)
      return line
    })
}

/** Notes that a partition could not be read to its end in this run. */
export async function fallBehind<C>(
  work: Work<C>,
  reader: PartitionReader<C>,
  problem: { code: string; message: string; remedy?: string },
): Promise<void> {
  const { code, message } = problem
  const coverage = work.jobs.map((job) => {
    const before = reader.state.coverage.get(jobName(job))?.get(work.partition.id)
    return fellBehind(identify(job, work.partition, reader.runId), before, { code, message })
  })
  await reader.committer.add({ coverage })
  reader.observer({ type: 'partition_behind', feed: work.feed.name, partition: work.partition.id, code, message })
  reader.report.behind(work, problem)
}

type PagePart = Required<Pick<UnitPart, 'batches' | 'cursors' | 'quarantined' | 'listed' | 'scanned'>>

function partOf<C>(work: Work<C>, page: FeedPage, { known }: PartitionReader<C>): PagePart {
  const partition = work.partition.id
  const part: PagePart = { batches: [], cursors: [], quarantined: [], listed: [], scanned: [] }
  for (const job of work.jobs) {
    const name = jobName(job)
    part.cursors.push({ job: name, partition, cursor: page.cursor })
    for (const batch of page.rows.get(job.table.name) ?? []) {
      const generation = page.generation ? { generation: page.generation } : {}
      const fills = page.fills?.includes(job.table.name) === true ? { fills: true } : {}
      part.batches.push({ job: name, partition, batch, ...generation, ...fills })
    }
    if (job.table.softDelete !== undefined)
      part.scanned.push(...(page.scanned ?? []).map((range) => ({ ...range, job: name })))
    for (const row of page.rejected ?? [])
      if (row.table === job.table.name) part.quarantined.push({ ...row, job: name, partition })
    if (page.complete && page.generation)
      part.listed.push({ job: name, partition, generation: page.generation, parts: known(job).partsOf(partition) })
  }
  return part
}

function rowsByJob<C>(work: Work<C>, page: FeedPage): Record<string, number> {
  const rows: Record<string, number> = {}
  for (const job of work.jobs) {
    const batches = page.rows.get(job.table.name) ?? []
    rows[jobName(job)] = batches.reduce((sum, batch) => sum + batch.numRows, 0)
  }
  return rows
}
