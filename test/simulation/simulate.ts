import type { Runtime } from '../../libs/connect/source.ts'
import { hashNumbers } from '../../libs/simulator/random.ts'
import { changedRows } from '../support/tenant.ts'
import { applyChange } from './apply_change.ts'
import { claimsHold } from './check_claims.ts'
import { equalsTruth } from './check_rest.ts'
import { noKeyTwice, nothingInvented, nothingUndone } from './check_rows.ts'
import { neverEarly, runEnds, statusAgrees } from './check_run.ts'
import { coverageIsLegal, cursorsAreSound, neverBack } from './check_state.ts'
import { type Check, type Facts, readTruth } from './facts.ts'
import type { RunPlan, SimulationPlan } from './plan_types.ts'
import { isAllowedError, type Outcome, runOnce } from './run_once.ts'
import { readStored, type Stored } from './stored.ts'
import { World } from './world.ts'

/** Invariants after each run, also a broken one; names as in pipeline/sync/SYNC.md. */
export const INVARIANTS: Readonly<Record<string, Check>> = {
  I1: noKeyTwice,
  I2: nothingInvented,
  I3: claimsHold,
  I4: nothingUndone,
  I5: neverBack,
  I6: coverageIsLegal,
  I7: cursorsAreSound,
  I8: runEnds,
  I9: statusAgrees,
  I10: neverEarly,
}

/** What is violated after one run. */
export function violationsOf(facts: Facts): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) => check(facts).map((problem) => `${name} ${problem}`))
}

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
export async function simulate(plan: SimulationPlan, options: SimulateOptions = {}): Promise<SimulationResult> {
  const world = await World.start(plan)
  const loose: unknown[] = []
  const onLoose = (reason: unknown) => loose.push(reason)
  process.on('unhandledRejection', onLoose)
  try {
    const play = new Play(world, plan, options)
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
  readonly #world: World
  readonly #plan: SimulationPlan
  readonly #options: SimulateOptions
  #before: Stored | null = null

  constructor(world: World, plan: SimulationPlan, options: SimulateOptions) {
    this.#world = world
    this.#plan = plan
    this.#options = options
  }

  async planned(): Promise<void> {
    for (const run of this.#plan.runs) {
      for (const change of run.before) {
        const isDone = applyChange(this.#world, change)
        this.#log(`before: ${isDone ? '' : 'nothing to do for '}${JSON.stringify(change)}`)
      }
      this.#world.learnSecret()
      await this.#run(run)
      if (this.violations.length > 0) return
      this.#world.clock.advance(Math.max(run.pauseMs, waitAfter(run)))
    }
  }

  /** All faults are lifted, time moves on: soon a sync must be ok and change nothing, and the tables equal the truth. */
  async comeToRest(): Promise<void> {
    this.#world.mend()
    const run: RunPlan = { ...CLEAN, readMode: this.#plan.runs.at(-1)!.readMode }
    for (let count = 1; count <= MOST_CLEAN_RUNS; count++) {
      this.#world.clock.advance(REST_MS)
      const facts = await this.#run(run)
      if (this.violations.length > 0) return
      const { result } = facts.outcome
      if (result?.status !== 'ok' || changedRows(result) > 0) continue
      this.violations.push(...equalsTruth(facts).map((problem) => `I11 ${problem}`))
      return
    }
    this.violations.push(`I12 no rest: ${MOST_CLEAN_RUNS} runs in clean weather, and still: ${this.runs.at(-1)}`)
  }

  async #run(run: RunPlan): Promise<Facts> {
    const { late, tables: all } = this.#plan
    const number = this.runs.length + 1
    const tables = late !== null && number <= late.fromRun ? all.filter((table) => table !== late.table) : all
    this.#log(`run ${number}: ${JSON.stringify(run)}`)
    const context = {
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
    const after = await readStored(await this.#world.keepOpen())
    const facts = { ...context, run, outcome, before: this.#before, after, truth: readTruth(this.#world) }
    this.runs.push(summary(number, run, outcome))
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

const CLEAN: Omit<RunPlan, 'readMode'> = { full: false, before: [], during: [], faults: [], stop: null, pauseMs: 0 }

/** A new process knows nothing of the pauses that the last one was told to make: nobody starts one within them here. */
function waitAfter({ faults }: RunPlan): number {
  const seconds = faults.map(({ fault }) => {
    const after = 'retry_after' in fault ? fault.retry_after : null
    return typeof after === 'object' && after !== null ? after.http_date_in : Number(after) || 0
  })
  return Math.max(60, ...seconds.map((wait) => wait + 60)) * 1_000
}

function summary(number: number, { readMode, full }: RunPlan, outcome: Outcome): string {
  const { result, error, stopped, requests, milliseconds } = outcome
  const ended = result?.status ?? (isAllowedError(error) ? error.code : `${error}`)
  const codes = [...new Set(result?.errors.map(({ code }) => code))].join(' ')
  const changed = result === null ? '' : `, ${changedRows(result)} rows changed`
  const parts = [`run ${number}`, readMode, full ? 'full' : '', stopped ?? '', ended, codes].filter(
    (part) => part !== '',
  )
  return `${parts.join(' ')}: ${requests} requests, ${Math.round(milliseconds / 1000)} s${changed}`
}
