import { timeOfSnowflake } from '../../../sources/discord/snowflake.ts'
import type { StoredLine } from '../stored.ts'
import { canSeemEmpty } from './draw_faults.ts'
import { rescanMs } from './make_plan.ts'
import type { RunPlan, SimulationPlan } from './plan_types.ts'
import type { DiscordStored } from './stored.ts'

/** A read of a partition that coverage tells of as done. Epoch ms. */
interface Read {
  /** Messages of this time and later were read again. */
  floor: number
  /** What coverage says that it was read up to. */
  until: number
  /** A fault showed lists that were not so. */
  lied: boolean
}

/** `until` is the end of the second that was still going on when the run began. */
const UNFINISHED_MS = 1_000

/** What coverage has claimed, run by run. */
export class Claims {
  readonly #plan: SimulationPlan
  readonly #reads = new Map<string, Read[]>()

  constructor(plan: SimulationPlan) {
    this.#plan = plan
  }

  /** Call after each run. A read of which nobody knows where it began is taken to have begun late. */
  note(before: DiscordStored | null, after: DiscordStored | null, run: RunPlan): void {
    const held = new Map(before?.coverage.map((line) => [nameOf(line), line]))
    const lied = run.faults.some(({ route = '', fault }) => fault.kind === 'empty_page' && canSeemEmpty(route))
    for (const line of after?.coverage ?? []) {
      const until = line.synced_until
      const reads = this.#reads.get(nameOf(line)) ?? []
      const from = held.get(nameOf(line))?.synced_until ?? reads.at(-1)?.until ?? null
      if (until === null || until === from) continue
      const isWhole = from === null || (run.full && line.state === 'ok')
      const floor = isWhole ? Number.NEGATIVE_INFINITY : from - rescanMs(this.#plan.options)
      this.#reads.set(nameOf(line), [...reads, { floor, until, lied }])
    }
  }

  /** Everything that happened before this time to messages of any age has been seen, as far as it was sent; null: nothing. */
  sentUntil(job: string, partition: string): number | null {
    return this.#settled(this.#reads.get(nameOf({ job, partition }))?.at(-1))
  }

  /** What happened before this time to a message of this id has been seen; null: nothing is claimed. */
  seenUntil(job: string, partition: string, messageId: string): number | null {
    const time = timeOfSnowflake(messageId)
    const reads = this.#reads.get(nameOf({ job, partition })) ?? []
    return this.#settled(reads.findLast(({ floor }) => floor <= time))
  }

  /** When a list was read whole, by an API that told the truth; null: never. Such times are those of the first answer, rounded down. */
  listedAt(job: string, partition: string): number | null {
    return this.#reads.get(nameOf({ job, partition }))?.findLast(({ lied }) => !lied)?.until ?? null
  }

  #settled(read: Read | undefined): number | null {
    if (read === undefined) return null
    const settledMs = Number(this.#plan.options.settle_seconds ?? 0) * 1000
    return read.until - Math.max(0, UNFINISHED_MS - settledMs)
  }
}

const nameOf = ({ job, partition }: Pick<StoredLine, 'job' | 'partition'>) => `${job} ${partition}`
