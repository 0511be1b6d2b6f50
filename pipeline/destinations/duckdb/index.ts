import { isParleyError } from '../../../libs/connect/error.ts'
import type { SyncJob } from '../../sync/types.ts'
import {
  type CommitPhase,
  type CommitUnit,
  type ConnectionIdentity,
  type Destination,
  jobName,
  type ListedWhole,
  type OpenedState,
  type OpenOptions,
  type RunRecord,
  type TableChanges,
} from '../destination.ts'
import { WriteFailedError } from '../write_failed_error.ts'
import { applyStaged } from './apply.ts'
import type { Database } from './database.ts'
import { stageDeletions } from './deletions.ts'
import { forgetLostTables } from './lost_tables.ts'
import { applyGone, applyListing, goneTogether, noteSeen, unseenKeys } from './snapshots.ts'
import { stageBatches } from './stage.ts'
import { claimConnection, closeKilledRuns, createState } from './state.ts'
import { loadState } from './state_load.ts'
import { saveRun, saveUnitState } from './state_save.ts'
import { openTarget, type Target } from './target.ts'

const QUARANTINE = 'parley.quarantine'

/** Rows and state in one DuckDB file. */
export class DuckDbDestination implements Destination {
  readonly #database: Database
  readonly #targets = new Map<string, Target>()
  #connectionName = ''
  #full = false

  constructor(database: Database) {
    this.#database = database
  }

  /** All or nothing: what it refuses it leaves as it was. */
  async open(
    connection: ConnectionIdentity,
    jobs: readonly SyncJob[],
    options: OpenOptions = {},
  ): Promise<OpenedState> {
    this.#connectionName = connection.name
    this.#full = options.full === true
    const db = this.#database.connection
    this.#database.assertTellsApart(jobs.map(({ destination }) => destination.schema))
    return coded(async () => {
      const state = await this.#transaction(async () => {
        await createState(db)
        const newBeside = await claimConnection(db, connection)
        await closeKilledRuns(db)
        const rebuilt = await forgetLostTables(db, jobs.map(jobName))
        for (const [index, job] of jobs.entries()) {
          const target = await openTarget(db, connection.name, job, index)
          this.#targets.set(target.job, target)
        }
        return { ...(await loadState(db, connection.name)), newBeside, rebuilt }
      })
      await this.#database.memory.settle([...[...this.#targets.values()].map(({ table }) => table), QUARANTINE])
      return state
    })
  }

  async unseen(listed: ListedWhole): Promise<string[]> {
    const target = this.#targets.get(listed.job)!
    return coded(() => unseenKeys(this.#database.connection, this.#connectionName, target, listed))
  }

  async commit(unit: CommitUnit, onPhase: (phase: CommitPhase) => void = () => {}): Promise<Map<string, TableChanges>> {
    return coded(() => this.#commit(unit, onPhase))
  }

  async #commit(unit: CommitUnit, onPhase: (phase: CommitPhase) => void): Promise<Map<string, TableChanges>> {
    const db = this.#database.connection
    const changes = new Map<string, TableChanges>()
    const done = await this.#transaction(async () => {
      onPhase('stage')
      for (const target of this.#targets.values()) {
        const batches = unit.batches.filter((batch) => batch.job === target.job)
        const scanned = unit.scanned.filter((range) => range.job === target.job)
        if (batches.length + scanned.length > 0)
          changes.set(target.job, await this.#applyBatches(target, batches, scanned))
      }
      onPhase('apply')
      await this.#removeVanished(unit, changes)
      await saveUnitState(db, this.#connectionName, unit)
      return changes
    }, onPhase)
    // What is truncated inside a transaction is given back by a checkpoint only: the staged rows of all units would stay.
    await db.run('CHECKPOINT temp')
    return done
  }

  async #transaction<T>(work: () => Promise<T>, onPhase: (phase: CommitPhase) => void = () => {}): Promise<T> {
    const db = this.#database.connection
    await db.run('BEGIN TRANSACTION')
    try {
      const result = await work()
      onPhase('commit')
      await db.run('COMMIT')
      onPhase('done')
      return result
    } catch (error) {
      await db.run('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async #applyBatches(
    target: Target,
    batches: CommitUnit['batches'],
    scanned: CommitUnit['scanned'],
  ): Promise<TableChanges> {
    const db = this.#database.connection
    await this.#database.memory.fit(batches.map(({ batch }) => batch))
    await db.run(`TRUNCATE ${target.staging}`)
    await stageBatches(db, target, batches)
    if (target.snapshot) await noteSeen(db, this.#connectionName, target)
    const deleted = await stageDeletions(db, target, scanned)
    const fills = this.#full || batches.some((one) => one.fills === true)
    return applyStaged(db, target, { fills, deleted })
  }

  async #removeVanished(unit: CommitUnit, changes: Map<string, TableChanges>): Promise<void> {
    const db = this.#database.connection
    const note = (target: Target, deleted: number) => {
      const before = changes.get(target.job) ?? { inserted: 0, updated: 0, deleted: 0, refilled: 0 }
      changes.set(target.job, { ...before, deleted: before.deleted + deleted })
    }
    for (const listed of unit.listed) {
      const target = this.#targets.get(listed.job)!
      note(target, await applyListing(db, this.#connectionName, target, listed))
    }
    for (const gone of goneTogether(unit)) {
      const target = this.#targets.get(gone.job)!
      if (target.snapshot) note(target, await applyGone(db, this.#connectionName, target, gone))
    }
  }

  async saveRun(run: RunRecord): Promise<void> {
    await coded(() => saveRun(this.#database.connection, this.#connectionName, run))
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}

/** DuckDB's own errors (disk full, file removed …) as one with a code and a remedy. */
async function coded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isParleyError(error) ? error : new WriteFailedError(error)
  }
}
