import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { RequestLog } from '../../libs/simulator/request_log.ts'
import type { SimulatorStats } from '../../libs/simulator/stats.ts'
import type { VirtualClock } from '../../libs/simulator/virtual_clock.ts'
import type { Database } from '../../pipeline/destinations/duckdb/database.ts'
import type { Plan } from './plan_types.ts'
import type { Outcome } from './run_once.ts'
import type { Stored } from './stored.ts'

export type RunOf<P extends Plan> = P['runs'][number]
export type ChangeOf<P extends Plan> = RunOf<P>['before'][number]

/** A source's simulator on a clock of its own, the file that it is synced into, and what has been done to it. */
export interface World {
  readonly simulator: {
    readonly origin: string
    readonly log: RequestLog
    stats(): SimulatorStats
    resetStats(): void
    setFaults(plan: { seed?: number; rules: RunOf<Plan>['faults'] } | null): void
  }
  readonly clock: VirtualClock
  /** Path of the DuckDB file. */
  readonly database: string
  /** As it is configured: after a rotated secret not always with the right one. */
  readonly connection: object
  /** Before each planned run: what the connection learns of a new secret. */
  beforeRun(): void
  /** How long nobody may ask anything after the last run, in ms: a new process does not know of it. */
  shutMs(): number
  /** Nothing is refused any more, and the connection is right. */
  mend(): void
  keepOpen(): Promise<Database>
  letGo(): void
  close(): Promise<void>
}

/** What the invariants are checked on, after each run. */
export interface Facts<P extends Plan = Plan, W extends World = World, S extends Stored = Stored, T = unknown> {
  game: Game
  plan: P
  run: RunOf<P>
  /** Tables of the run. */
  tables: readonly string[]
  outcome: Outcome
  before: S | null
  after: S | null
  truth: T
  world: W
}

/** An invariant, checked: what is wrong, in words; nothing when it holds. Numbers as in pipeline/sync/SYNC.md. */
export type Check<F extends Facts = Facts> = (facts: F) => string[]

/** What the simulation needs to know of a source. */
export interface Game<
  P extends Plan = Plan,
  W extends World = World,
  S extends Stored = Stored,
  T = unknown,
  F extends Facts = Facts<P, W, S, T>,
> {
  readonly source: Pick<SourceDefinition, 'name' | 'options' | 'tables' | 'feeds' | 'account' | 'connect'>
  /** Pure: the same seed gives the same plan for as long as the folder of the source is not changed. */
  makePlan(seed: number): P
  start(plan: P): Promise<W>
  /** Does to the world what the change says; answers whether there was anything to do it to. */
  apply(world: W, change: ChangeOf<P>): boolean
  /** Table options of a run. */
  optionsOf(plan: P, run: RunOf<P>, world: W): Record<string, string>
  /** A run in which nothing happens, as the last ones are. */
  cleanRun(plan: P): RunOf<P>
  /** How a run is told of, beside what all runs have. */
  nameOf(run: RunOf<P>): string
  readStored(database: Database): Promise<S>
  /** What is so after a run, and what the run has claimed. */
  readTruth(world: W, facts: Omit<F, 'truth'>): T
  nothingInvented(facts: F): string[]
  claimsHold(facts: F): string[]
  nothingUndone(facts: F): string[]
  /** I11. */
  equalsTruth(facts: F): string[]
  /** Codes that a partition may have that is well: how it is read. */
  readonly notes: readonly string[]
  /** @throws for a cursor that the feed of this job cannot read */
  checkCursor(job: string, partition: string, cursor: S['cursors'][number]['cursor'], plan: P): void
}

/** The first few of many, for a message. */
export function some(what: string, found: readonly string[]): string[] {
  if (found.length === 0) return []
  return [`${what}: ${found.length}, ${found.slice(0, 3).join(' | ')}`]
}
