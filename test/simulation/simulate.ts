import type { Runtime } from '../../libs/connect/source.ts'
import { hashNumbers } from '../../libs/simulator/random.ts'
import { changedRows } from '../support/tenant.ts'
import type { Facts, Game, World } from './game.ts'
import { violationsOf } from './invariants.ts'
import type { Plan, PlannedRun } from './plan_types.ts'
import { isAllowedError, type Outcome, runOnce } from './run_once.ts'
import type { Stored } from './stored.ts'

export interface SimulationResult {
  /** Empty: every invariant held after every run. */
  violations: string[]
  /** A line for each run. */
  runs: string[]
}

export interface SimulateOptions {
  /** Every event and change, in words. */
  log?: (line: string) => void
  /** Replaces parts of the client's runtime: for tests that break it. */
  runtime?: (world: World) => Partial<Runtime>
  /** Between a run and its checks: for tests that break what is stored. */
  afterRun?: (world: World) => Promise<void>
  /** What the checks of a run were made on. */
  onFacts?: (facts: Facts, run: number) => Promise<void>
}

/** Runs of clean weather after the last planned one until nothing may move any more: a place that is gone takes two looks. */
const MOST_CLEAN_RUNS = 5
/** Longer than lookback, settling and lateness. */
const REST_MS = 15 * 60_000

/** Plays a plan and checks the invariants; stops at the first run that violates one. */
export async function simulate(game: Game, plan: Plan, options: SimulateOptions = {}): Promise<SimulationResult> {
  const world = await game.start(plan)
  const loose: unknown[] = []
  const onLoose = (reason: unknown) => loose.push(reason)
  process.on('unhandledRejection', onLoose)
  try {
    const play = new Play(game, world, plan, options)
    await play.planned()
    if (play.violations.length === 0) await play.comeToRest()
    for (const reason of loose) play.violations.push(`I8 unhandled rejection: ${String(reason)}`)
    return { violations: play.violations, runs: play.runs }
  } finally {
    process.off('unhandledRejection', onLoose)
    await world.close()
  }
}

class Play {
  readonly violations: string[] = []
  readonly runs: string[] = []
  readonly #game: Game
  readonly #world: World
  readonly #plan: Plan
  readonly #options: SimulateOptions
  #before: Stored | null = null

  constructor(game: Game, world: World, plan: Plan, options: SimulateOptions) {
    this.#game = game
    this.#world = world
    this.#plan = plan
    this.#options = options
  }

  async planned(): Promise<void> {
    for (const run of this.#plan.runs) {
      for (const change of run.before) {
        const isDone = this.#game.apply(this.#world, change)
        this.#log(`before: ${isDone ? '' : 'nothing to do for '}${JSON.stringify(change)}`)
      }
      this.#world.beforeRun()
      await this.#run(run)
      if (this.violations.length > 0) return
      this.#world.clock.advance(Math.max(run.pauseMs, waitAfter(run), this.#world.shutMs()))
    }
  }

  /** All faults are lifted, time moves on: soon a sync must be ok and change nothing, and the tables equal the truth. */
  async comeToRest(): Promise<void> {
    this.#world.mend()
    const mendedAt = this.#world.clock.now()
    const run = this.#game.cleanRun(this.#plan)
    for (let count = 1; count <= MOST_CLEAN_RUNS; count++) {
      this.#world.clock.advance(Math.max(REST_MS, this.#world.shutMs()))
      const facts = await this.#run(run)
      if (this.violations.length > 0) return
      const { result } = facts.outcome
      if (result?.status !== 'ok' || changedRows(result) > 0 || !isReadSince(facts, mendedAt)) continue
      this.violations.push(...this.#game.equalsTruth(facts).map((problem) => `I11 ${problem}`))
      return
    }
    this.violations.push(`I12 no rest: ${MOST_CLEAN_RUNS} runs in clean weather, and still: ${this.runs.at(-1)}`)
  }

  async #run(run: PlannedRun): Promise<Facts> {
    const { late, tables: all } = this.#plan
    const number = this.runs.length + 1
    const tables = late !== null && number <= late.fromRun ? all.filter((table) => table !== late.table) : all
    this.#log(`run ${number}: ${JSON.stringify(run)}`)
    const context = {
      game: this.#game,
      world: this.#world,
      plan: this.#plan,
      tables,
      seed: hashNumbers(this.#plan.seed, number),
      ...(this.#options.runtime === undefined ? {} : { runtime: this.#options.runtime(this.#world) }),
      onEvent: (event: object) => this.#log(JSON.stringify(event)),
      onChange: (text: string) => this.#log(text),
    }
    const outcome = await runOnce(context, run)
    await this.#options.afterRun?.(this.#world)
    const after = await this.#game.readStored(await this.#world.keepOpen())
    const known = { ...context, run, outcome, before: this.#before, after }
    const facts = { ...known, truth: this.#game.readTruth(this.#world, known) }
    this.runs.push(summary(number, this.#game.nameOf(run), run.full, outcome))
    this.#log(this.runs.at(-1)!)
    this.violations.push(...violationsOf(facts).map((problem) => `after run ${number}: ${problem}`))
    await this.#options.onFacts?.(facts, number)
    this.#before = after
    return facts
  }

  #log(line: string): void {
    this.#options.log?.(`${new Date(this.#world.clock.now()).toISOString()} ${line}`)
  }
}

/** A walk that was broken off ends with what its first pages said then, and claims no more: the next one begins anew. */
function isReadSince({ after }: Facts, time: number): boolean {
  return (after?.coverage ?? []).every(({ state, synced_until }) => state !== 'ok' || (synced_until ?? 0) >= time)
}

/** What a run has in which nothing happens. */
export const NOTHING: PlannedRun<never> = { full: false, before: [], during: [], faults: [], stop: null, pauseMs: 0 }

/** A new process knows nothing of the pauses that the last one was told to make: nobody starts one within them here. */
function waitAfter({ faults }: PlannedRun): number {
  const seconds = faults.map(({ fault }) => {
    const after = 'retry_after' in fault ? fault.retry_after : null
    return typeof after === 'object' && after !== null ? after.http_date_in : Number(after) || 0
  })
  return Math.max(60, ...seconds.map((wait) => wait + 60)) * 1_000
}

function summary(number: number, name: string, full: boolean, outcome: Outcome): string {
  const { result, error, stopped, requests, milliseconds } = outcome
  const ended = result?.status ?? (isAllowedError(error) ? error.code : `${error}`)
  const codes = [...new Set(result?.errors.map(({ code }) => code))].join(' ')
  const changed = result === null ? '' : `, ${changedRows(result)} rows changed`
  const parts = [`run ${number}`, name, full ? 'full' : '', stopped ?? '', ended, codes].filter((part) => part !== '')
  return `${parts.join(' ')}: ${requests} requests, ${Math.round(milliseconds / 1000)} s${changed}`
}
