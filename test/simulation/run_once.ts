import { isParleyError, type ParleyError } from '../../libs/connect/error.ts'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Event } from '../../libs/observe/events.ts'
import { seededRandom } from '../../libs/simulator/random.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { syncInProcess } from '../support/sync_in_process.ts'
import { CrashImage } from './crash_image.ts'
import { countEarly } from './early_requests.ts'
import type { Game, World } from './game.ts'
import type { Plan, PlannedRun } from './plan_types.ts'

/** How one sync ended. */
export interface Outcome {
  result: RunResult | null
  /** What it threw; null when it answered. */
  error: unknown
  /** It was broken off, or lost what came after a moment. */
  stopped: 'abort' | 'crash' | null
  requests: number
  /** Of the virtual clock. */
  milliseconds: number
  /** When it began, of the virtual clock. */
  began: number
  /** Requests before the server allowed them. */
  early: number
}

/** Real time that a run may take before it counts as hanging. */
const HANGS_AFTER_MS = 60_000

export interface RunContext {
  game: Game
  world: World
  plan: Plan
  tables: readonly string[]
  /** Chance of the client: differs from run to run. */
  seed: number
  /** Replaces parts of the runtime: for tests that break the engine. */
  runtime?: Partial<Runtime>
  onEvent(event: Event): void
  onChange(text: string): void
}

/** One sync with all that its plan does to it. */
export async function runOnce(context: RunContext, run: PlannedRun): Promise<Outcome> {
  const { game, world, plan, tables } = context
  const { simulator, clock, database } = world
  await world.keepOpen()
  simulator.resetStats()
  simulator.setFaults(run.faults.length === 0 ? null : { seed: context.seed, rules: run.faults })
  const began = clock.now()
  const watch = new Watch(context, run)
  const hanging = setTimeout(() => watch.abort('hangs'), HANGS_AFTER_MS)
  const ended = await settled(
    syncInProcess({
      source: game.source,
      simulator: { connection: { ...world.connection, ...plan.connection } },
      database,
      tables,
      options: game.optionsOf(plan, run, world),
      scdType: plan.scdType,
      workers: plan.workers,
      unitRows: plan.unitRows,
      runtime: { ...runtimeOf(context), ...context.runtime },
      signal: watch.signal,
      onEvent: (event) => watch.observe(event),
      ...(run.full ? { full: true } : {}),
    }),
  )
  clearTimeout(hanging)
  watch.close()
  const { requests } = simulator.stats()
  const early = countEarly(simulator.log, plan.world)
  const milliseconds = clock.now() - began
  return { ...ended, stopped: watch.stopped, requests, milliseconds, began, early }
}

async function settled(run: Promise<RunResult>): Promise<Pick<Outcome, 'result' | 'error'>> {
  try {
    return { result: await run, error: null }
  } catch (error) {
    return { result: null, error }
  }
}

/** An error that a run may end with, as a status of the command line would tell it. */
export function isAllowedError(error: unknown): error is ParleyError {
  return isParleyError(error) && ['source', 'configuration', 'partial'].includes(error.kind)
}

function runtimeOf({ world: { clock }, plan, seed }: RunContext): Partial<Runtime> {
  const random = seededRandom(seed)
  return {
    now: () => clock.now(),
    // Whole milliseconds, as timers have them.
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms), signal),
    random: () => random.next(),
    rateShare: plan.rateShare,
  }
}

/** Watches a run go on: changes the world under its feet, breaks it off, and holds the clock while it commits. */
class Watch {
  readonly #context: RunContext
  readonly #run: PlannedRun
  readonly #controller = new AbortController()
  readonly #image: CrashImage
  #requests = 0
  #matched = 0
  #release: (() => void) | null = null
  stopped: Outcome['stopped'] = null

  constructor(context: RunContext, run: PlannedRun) {
    this.#context = context
    this.#run = run
    this.#image = new CrashImage(context.world.database)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abort(why: string): void {
    this.#context.onChange(why)
    this.#controller.abort(new DOMException('The run was broken off.', 'AbortError'))
  }

  observe(event: Event): void {
    this.#context.onEvent(event)
    if (event.type === 'commit_phase') this.#holdClock(event.phase)
    if (event.type === 'request') this.#change(++this.#requests)
    this.#stopAt(event)
  }

  /** A commit takes time of the machine, not of the API: else no two simulations of a seed were alike. */
  #holdClock(phase: string): void {
    if (phase === 'stage') this.#release ??= this.#context.world.clock.busy()
    if (phase !== 'done') return
    this.#release?.()
    this.#release = null
  }

  #change(requests: number): void {
    for (const { afterRequests, change } of this.#run.during) {
      if (afterRequests !== requests) continue
      const isDone = this.#context.game.apply(this.#context.world, change)
      this.#context.onChange(`${isDone ? 'now' : 'nothing to do for'} ${JSON.stringify(change)}`)
    }
  }

  #stopAt(event: Event): void {
    const { stop } = this.#run
    if (stop === null || this.stopped !== null || event.type !== stop.event) return
    if (event.type === 'commit_phase' && event.phase !== stop.phase) return
    if (++this.#matched < stop.nth) return
    this.stopped = stop.kind
    if (stop.kind === 'crash') this.#image.take()
    this.abort(stop.kind)
  }

  close(): void {
    this.#release?.()
    if (this.stopped !== 'crash') return
    this.#context.world.letGo()
    this.#image.restore()
  }
}
