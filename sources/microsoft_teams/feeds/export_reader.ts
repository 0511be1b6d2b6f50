import type { Cursor, FeedPage, FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { countRows } from '../../../libs/connect/read_feed.ts'
import type { GraphApi } from '../client.ts'
import { type ExportCursor, exportCursor, parseExportCursor } from './export_cursor.ts'
import { Flights } from './export_flights.ts'
import { ExportPages } from './export_pages.ts'
import {
  BEGINNING,
  byTurn,
  isDue,
  MAX_WINDOWS,
  newestFirst,
  planRead,
  slots,
  type Used,
  type WindowRules,
} from './export_plan.ts'
import { awaitsProof } from './export_window.ts'
import { type Landed, WindowReader, WindowRun } from './export_window_reader.ts'
import { HostedChannels } from './hosted_channels.ts'

/** Where reading begins: start_date, or the earliest time that can be asked for. */
export function startOf(options: ResolvedOptions): Instant {
  return typeof options.start_date === 'number' ? Math.max(options.start_date, BEGINNING) : BEGINNING
}

function windowRules({ options, until }: FeedRequest): WindowRules {
  return {
    until,
    start: startOf(options),
    lookbackMs: Number(options.lookback_seconds) * 1000,
    horizonMs: Number(options.rewalk_horizon) * 1000,
  }
}

/**
 * Pages of one partition by the export API, each with the cursor after it: newest windows first, many at once.
 * @throws GraphError; WindowUnstableError when all other windows have been read
 */
export async function* readExport(
  connection: GraphApi,
  partition: Partition,
  cursor: Cursor | null,
  request: FeedRequest,
): AsyncGenerator<FeedPage> {
  const together = await request.session.once('export_partitions', async () => ({ partitions: 0 }))
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, stop.signal])
  const rules = windowRules(request)
  const plan = planRead(cursor === null ? null : parseExportCursor(cursor), rules, request.limit === undefined)
  const pages = new ExportPages(connection, partition, request, signal)
  const channels = new HostedChannels(connection, String(partition.team_id), request, signal)
  const windows = new WindowReader(pages, channels, partition, request, rules)
  const reader = new ExportReader(plan, windows, request, rules, together)
  together.partitions += 1
  try {
    yield* reader.pages()
  } finally {
    // The caller may have stopped early, or one window failed: nothing of this read goes on behind its end.
    together.partitions -= 1
    stop.abort()
    await reader.settle()
  }
}

/** Keeps windows in flight, and the cursor that is true after every page that is handed on. */
class ExportReader {
  readonly #reader: WindowReader
  readonly #request: FeedRequest
  readonly #rules: WindowRules
  readonly #flights = new Flights<WindowRun, Landed>()
  readonly #used: Used = { pages: 0, records: 0, largest: 0 }
  readonly #together: { readonly partitions: number }
  #s: Instant
  #t: Instant
  #runs: WindowRun[]
  #failure: Error | null = null

  /** @param together how many partitions of the run are being read now */
  constructor(
    { s, t, todo }: ExportCursor,
    reader: WindowReader,
    request: FeedRequest,
    rules: WindowRules,
    together: { readonly partitions: number },
  ) {
    this.#together = together
    this.#reader = reader
    this.#request = request
    this.#rules = rules
    this.#s = s
    this.#t = t
    this.#runs = (todo ?? []).map((window) => new WindowRun(window))
  }

  async *pages(): AsyncGenerator<FeedPage> {
    this.#launch()
    // Bounded: every step moves a page link (checked for loops), counts a walk (MAX_WALKS), closes a window or cuts it smaller.
    for (let landed = await this.#flights.next(); landed !== undefined; landed = await this.#flights.next()) {
      const page = this.#take(landed.key, landed.value)
      // Before the page is handed on: the next requests are on their way while it is stored.
      this.#launch()
      yield page
    }
    if (this.#failure !== null) throw this.#failure
  }

  settle(): Promise<void> {
    return this.#flights.settle()
  }

  #launch(): void {
    if (this.#flights.hasFailed) return
    const active = this.#active()
    const isWalking = active.some(({ window }) => !awaitsProof(window))
    const isReady = (run: WindowRun) => !awaitsProof(run.window) || !isWalking || !this.#reader.canWait(run)
    const waiting = active.filter((run) => !this.#flights.has(run) && isReady(run))
    waiting.sort((one, other) => byTurn(this.#t)(one.window, other.window))
    // Pages that wait count twice: where they are not taken as fast as they come, fewer need to be on their way.
    const free = this.#slots() - this.#flights.size - this.#flights.waiting
    for (const run of waiting.slice(0, Math.max(0, free))) {
      this.#flights.start(run, this.#reader.ask(run))
    }
  }

  #take(run: WindowRun, landed: Landed): FeedPage {
    const step = this.#reader.take(run, landed, this.#room())
    this.#runs.splice(this.#runs.indexOf(run), 1, ...step.runs)
    this.#failure ??= step.failure ?? null
    if (this.#active().length === 0 && this.#failure === null) this.#planAgain()
    this.#runs.sort((one, other) => newestFirst(one.window, other.window))
    const complete = this.#active().length === 0 && this.#failure === null
    const page = { ...step.content, cursor: this.#cursor(), complete }
    this.#count(page)
    return page
  }

  /** Windows of this read that are not given up. */
  #active(): WindowRun[] {
    return this.#runs.filter((run) => !run.isParked && isDue(run.window, this.#rules))
  }

  #cursor(): ExportCursor {
    return exportCursor(
      this.#s,
      this.#t,
      this.#runs.map(({ window }) => window),
    )
  }

  /** What an earlier read had left is read; now what has come since. */
  #planAgain(): void {
    const { s, t, todo } = planRead(this.#cursor(), this.#rules, true)
    this.#s = s
    this.#t = t
    this.#runs = (todo ?? []).map((window) => new WindowRun(window))
  }

  #slots(): number {
    const { limit, options } = this.#request
    return slots(this.#used, { limit, rowsPerPage: Number(options.page_size), ...this.#together })
  }

  #room() {
    const walking = this.#active().filter(({ window }) => !awaitsProof(window)).length
    return { chains: this.#slots() - walking + 1, windows: MAX_WINDOWS - this.#runs.length + 1 }
  }

  #count(page: FeedPage): void {
    this.#used.pages += 1
    this.#used.records += countRows(page)
    this.#used.largest = Math.max(this.#used.largest, bytesOf(page))
  }
}

/** As encoded: what came over the wire was compressed. */
function bytesOf({ rows }: FeedPage): number {
  return [...rows.values()].flat().reduce((sum, batch) => sum + batch.data.byteLength, 0)
}
