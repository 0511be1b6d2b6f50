import { randomUUID } from 'node:crypto'
import { isParleyError } from '../../libs/connect/error.ts'
import type { Partition } from '../../libs/connect/feed.ts'
import { Session } from '../../libs/connect/session.ts'
import type { Closable } from '../../libs/connect/source.ts'
import type { StatisticsCollector } from '../../libs/observe/statistics.ts'
import {
  type Coverage,
  type Destination,
  jobName,
  type Scanned,
  type StoredState,
} from '../destinations/destination.ts'
import { Committer } from './committer.ts'
import { identityOf } from './connection_identity.ts'
import { type GroupPlan, planGroup } from './discover.ts'
import { type FeedGroup, groupByFeed } from './feed_plan.ts'
import { KnownPartitions, unreadLines } from './known_partitions.ts'
import { readAll } from './read_all.ts'
import type { PartitionReader } from './read_partition.ts'
import { RunReport } from './run_report.ts'
import { Timings } from './timings.ts'
import type { RunResult, RunStatus, SyncDeps, SyncJob, SyncPlan } from './types.ts'
import { UNIT_BOUNDS } from './unit.ts'

/** The last unsigned 64-bit integer. */
const MAX_RANGE = (2n ** 64n - 1n).toString()

/** One `sync`, from opening the state to the line in `parley.runs`. */
export class Run {
  readonly #plan: SyncPlan
  readonly #deps: SyncDeps
  readonly #destination: Destination
  readonly #statistics: StatisticsCollector
  readonly #report: RunReport
  readonly #timings: Timings
  readonly #runId = randomUUID()
  readonly #startedAt: number

  constructor(plan: SyncPlan, deps: SyncDeps, destination: Destination, statistics: StatisticsCollector) {
    this.#plan = plan
    this.#deps = deps
    this.#destination = destination
    this.#statistics = statistics
    this.#report = new RunReport(plan.jobs, deps.runtime.now)
    this.#timings = new Timings(deps.runtime.now)
    this.#startedAt = deps.runtime.now()
  }

  async execute(): Promise<RunResult> {
    const { source, connectionOptions } = this.#plan
    const { runtime } = this.#deps
    // First: it makes no request, and what is wrong with the options is no run yet.
    const connection = source.connect(connectionOptions, runtime)
    try {
      return await this.#execute(connection)
    } finally {
      await connection.close()
    }
  }

  async #execute(connection: Closable): Promise<RunResult> {
    const { source, connectionName, jobs } = this.#plan
    const { runtime } = this.#deps
    const state = await this.#destination.open(identityOf(this.#plan), jobs, { full: this.#plan.full === true })
    this.#sayNewName(state.newBeside ?? [])
    this.#sayRebuilt(state.rebuilt ?? [])
    const unread = unreadLines(state)
    // What is stored stays; every partition is read from its beginning once more.
    if (this.#plan.full === true) state.cursors.clear()
    const tables = jobs.map(jobName)
    runtime.observer({
      type: 'run_started',
      run_id: this.#runId,
      source: source.name,
      connection: connectionName,
      tables,
    })
    await this.#save('running', null)
    try {
      await this.#read(connection, state, unread)
      return await this.#finish(this.#deps.signal.aborted ? { status: 'interrupted' } : this.#report.status())
    } catch (error) {
      // Stopping stores what is in hand; a disk that is full then is no interruption.
      const isStop = this.#deps.signal.aborted && !(isParleyError(error) && error.code === 'PARLEY_WRITE_FAILED')
      if (isStop) return await this.#finish({ status: 'interrupted' })
      // The first trouble is the one to tell: a full disk keeps the run's line from being written too.
      await this.#finish({ status: 'failed' }, error).catch(() => {})
      throw error
    }
  }

  /** A mistyped name reads everything again, under a state of its own. */
  #sayNewName(others: readonly string[]): void {
    if (others.length === 0) return
    const held = others.join(', ')
    const message =
      `Connection ${this.#plan.connectionName} is new in this destination, which holds the same account as connection ${held}: ` +
      `everything is read from the beginning, and its state is kept beside that of ${held}.`
    this.#deps.runtime.observer({ type: 'notice', code: 'PARLEY_CONNECTION_NEW', message })
  }

  #sayRebuilt(jobs: readonly string[]): void {
    for (const job of jobs) {
      const message = `Table ${job} is not in the destination any more: it is made again, and read from the beginning by every connection that fills it.`
      this.#deps.runtime.observer({ type: 'warning', code: 'PARLEY_TABLE_REBUILT', message })
    }
  }

  async #read(connection: Closable, state: StoredState, unread: ReadonlySet<Coverage>): Promise<void> {
    const { runtime } = this.#deps
    const committer = new Committer({
      destination: this.#destination,
      observer: runtime.observer,
      now: runtime.now,
      onCommitted: (changes) => this.#report.countChanges(changes),
      bounds: this.#deps.unitBounds ?? UNIT_BOUNDS,
    })
    // One failure that concerns every partition (a rejected token, a full disk) ends the others too.
    const stop = new AbortController()
    const signal = AbortSignal.any([this.#deps.signal, stop.signal])
    const reader = {
      connection,
      session: new Session(),
      committer,
      report: this.#report,
      observer: runtime.observer,
      state,
      known: knownOf(this.#plan, state),
      runId: this.#runId,
      signal,
      now: runtime.now,
      held: () => connection.held?.() ?? 0,
      anonymized: identityOf(this.#plan).anonymization !== null,
    }
    try {
      await this.#readAll(reader, stop, unread)
    } finally {
      // Also after a failure or a signal: what has been read is whole pages, and is kept.
      await committer.flush()
    }
  }

  async #readAll(
    reader: PartitionReader<Closable>,
    stop: AbortController,
    unread: ReadonlySet<Coverage>,
  ): Promise<void> {
    const { observer, state, known } = reader
    const run = { id: this.#runId, observer, state, unread, known }
    const plans: GroupPlan<Closable>[] = []
    for (const group of groupByFeed(this.#plan.source, this.#plan.jobs)) {
      const { connection, session, signal } = reader
      const { workers } = this.#plan
      const args = { connection, session, signal, ...(workers === undefined ? {} : { workers }) }
      plans.push(await planGroup(group, args, run))
    }
    for (const plan of plans) await this.#setApart(plan, reader)
    const work = plans.flatMap((plan) => plan.work)
    for (const one of work) this.#report.planned(one.jobs.map(jobName))
    const { workers, batch } = this.#plan
    await readAll(work, { reader, workers, batch, timings: this.#timings, stop })
  }

  /** Partitions that are refused or gone without being read. */
  async #setApart(plan: GroupPlan<Closable>, reader: PartitionReader<Closable>): Promise<void> {
    const { committer, observer, state, known } = reader
    if (plan.forgotten.length > 0) await committer.add({ superseded: plan.forgotten })
    const feed = plan.group.feed.name
    for (const { line } of plan.apart) {
      if (line.state === 'gone') {
        const before = state.coverage.get(line.job)?.get(line.partition)
        if (before?.state === 'gone') continue
        const { job, partition } = line
        const scanned = deletedWith(plan.group, line)
        const parts = known(plan.group.jobs.find((one) => jobName(one) === job)!).partsOf(partition)
        const gone = [{ job, partition, parts, restart: scanned.length > 0 }]
        await committer.add({ coverage: [line], gone, scanned })
        observer({ type: 'partition_gone', feed, partition: line.partition })
      }
    }
    const unread = plan.apart.filter(({ line }) => line.state !== 'gone')
    // Told once, though several tables read it.
    for (const lines of Map.groupBy(unread, ({ line }) => `${line.state} ${line.code} ${line.partition}`).values()) {
      const { line, remedy } = lines[0]!
      const jobs = lines.map(({ line }) => line.job)
      for (const job of plan.group.jobs) if (jobs.includes(jobName(job))) known(job).keep(line.partition)
      await committer.add({ coverage: lines.map(({ line }) => line) })
      const problem = { code: line.code ?? '', message: line.message ?? '' }
      this.#report.planned(jobs)
      const type = line.state === 'behind' ? 'partition_behind' : 'partition_refused'
      observer({ type, feed, partition: line.partition, ...problem })
      const how = line.state === 'behind' ? 'failed' : 'refused'
      this.#report.note(jobs, line.partition, how, { ...problem, ...(remedy === undefined ? {} : { remedy }) })
    }
  }

  async #finish(end: { status: RunStatus; exit_kind?: RunResult['exit_kind'] }, error?: unknown): Promise<RunResult> {
    const { runtime } = this.#deps
    const completedAt = runtime.now()
    const { requests, throttled, retried, bytes } = this.#statistics.read()
    const errors = [...this.#report.errors]
    if (isParleyError(error)) {
      errors.push({
        partition: null,
        code: error.code,
        message: error.message,
        at: new Date(completedAt).toISOString(),
        remedy: error.remedy,
      })
    }
    const result: RunResult = {
      run_id: this.#runId,
      status: end.status,
      started_at: new Date(this.#startedAt).toISOString(),
      completed_at: new Date(completedAt).toISOString(),
      seconds: (completedAt - this.#startedAt) / 1000,
      requests,
      throttled,
      retried,
      bytes,
      errors,
      tables: this.#report.tables.map((table) => ({ ...table, seconds: this.#timings.secondsOf(table.destination) })),
      statistics: {
        maxConcurrentChannels: this.#timings.most,
        averageChannelTime: this.#timings.average,
        totalApiCalls: requests,
        rateLimitEncounters: throttled,
        slowest: this.#timings.slowest,
      },
      ...(end.exit_kind === undefined ? {} : { exit_kind: end.exit_kind }),
    }
    await this.#save(end.status, result)
    const rows = result.tables.reduce((sum, table) => sum + table.read, 0)
    runtime.observer({ type: 'run_finished', run_id: this.#runId, status: end.status, seconds: result.seconds, rows })
    return result
  }

  async #save(status: string, result: RunResult | null): Promise<void> {
    await this.#destination.saveRun({
      run_id: this.#runId,
      source: this.#plan.source.name,
      status,
      started_at: this.#startedAt,
      completed_at: result === null ? null : Date.parse(result.completed_at),
      result: result === null ? null : JSON.stringify(result),
    })
  }
}

/** All that is held of a partition that is gone, where its table marks what was deleted. */
function deletedWith<C>({ jobs }: FeedGroup<C>, { job, params, missing_since }: Coverage): Scanned[] {
  const { softDelete } = jobs.find((one) => jobName(one) === job)!.table
  const scope = softDelete && (JSON.parse(params) as Partition)[softDelete.scope]
  if (typeof scope !== 'string' || missing_since === null) return []
  return [{ job, scope, after: '0', upTo: MAX_RANGE, at: missing_since }]
}

/** Reads a job's lines once, at the first question. */
function knownOf({ source }: SyncPlan, state: StoredState): (job: SyncJob) => KnownPartitions {
  const known = new Map<SyncJob, KnownPartitions>()
  return (job) => {
    const feed = source.feeds.find(({ tables }) => tables.includes(job.table.name))!
    if (!known.has(job)) known.set(job, new KnownPartitions(feed, state, jobName(job)))
    return known.get(job)!
  }
}
