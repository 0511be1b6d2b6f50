import type { Cursor, FeedPage, FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import type { GraphClient } from '../client.ts'
import { WindowUnstableError } from '../errors/window_unstable_error.ts'
import { messageReplies } from '../tables/message_replies.ts'
import { messages } from '../tables/messages.ts'
import { PageEncoders } from './encoders.ts'
import { type OpenCursor, parseExportCursor } from './export_cursor.ts'
import { ExportPages } from './export_pages.ts'
import { addExportPage } from './export_rows.ts'
import {
  afterPage,
  BEGINNING,
  closeWalk,
  MAX_WALKS,
  needsQuietProof,
  nextCut,
  nextWindow,
  reopenWindow,
  startWalk,
  type WindowRules,
} from './export_walk.ts'
import { RowSet } from './row_set.ts'
import { WalkMemory } from './walk_memory.ts'

/** Where reading begins: start_date, or the earliest time that can be asked for. */
export function startOf(options: ResolvedOptions): Instant {
  return typeof options.start_date === 'number' ? Math.max(options.start_date, BEGINNING) : BEGINNING
}

function windowRules(options: ResolvedOptions, ceiling: Instant): WindowRules {
  return {
    until: ceiling,
    start: startOf(options),
    lookbackMs: Number(options.lookback_seconds) * 1000,
    horizonMs: Number(options.rewalk_horizon) * 1000,
  }
}

/** Pages of one partition by the export API, each with the cursor after it. @throws GraphError, WindowUnstableError */
export async function* readExport(
  connection: GraphClient,
  partition: Partition,
  cursor: Cursor | null,
  request: FeedRequest,
): AsyncGenerator<FeedPage> {
  const rules = windowRules(request.options, request.until)
  const reader = new WindowReader(connection, partition, request, rules)
  let window = nextWindow(cursor === null ? null : parseExportCursor(cursor), rules)
  // Bounded: every step moves a page link (checked for loops), a walk's number (MAX_WALKS) or a window's end.
  while (window !== null) {
    const { page, next, failure } = await reader.step(window)
    yield page
    if (failure !== undefined) throw failure
    window = next
  }
}

type PageContent = Omit<FeedPage, 'cursor' | 'complete'>

/** A page, and the window to go on with; with `failure` the read ends after the page. */
interface Step {
  page: FeedPage
  next: OpenCursor | null
  failure?: WindowUnstableError
}

/** Pages one after the other without a row that is new to the walk: then the links lead nowhere. */
const MAX_BARREN_PAGES = 1_000
/** A long lookback is about what the API forgot, not about how late it usually is. */
const MAX_LATENESS_MS = 3_600_000

/** Reads one page at a time and says where to go on. */
class WindowReader {
  readonly #pages: ExportPages
  readonly #encoders: PageEncoders
  readonly #rules: WindowRules
  readonly #partition: Partition
  readonly #yielded = new RowSet()
  #memory = new WalkMemory()
  readonly #latenessMs: number
  /** End of the last window that this read closed: ends only move on. */
  #end: Instant = Number.NEGATIVE_INFINITY
  /** This read has got a page of the present walk. */
  #began = false
  #barren = 0

  constructor(connection: GraphClient, partition: Partition, request: FeedRequest, rules: WindowRules) {
    this.#pages = new ExportPages(connection, partition, request)
    this.#encoders = new PageEncoders([messages, messageReplies], request.tables, request.options.include_raw === true)
    this.#rules = rules
    this.#partition = partition
    this.#latenessMs = Number(request.options.settle_seconds) * 1000 + Math.min(rules.lookbackMs, MAX_LATENESS_MS)
  }

  async step(window: OpenCursor): Promise<Step> {
    if (window.pages === 0) {
      this.#memory = new WalkMemory()
      this.#barren = 0
    }
    const answer = await this.#pages.get(window)
    if (answer === 'lost' || this.#barren > MAX_BARREN_PAGES) return this.#restart(window)
    this.#began = true
    const facts = addExportPage(answer.rows, window, this.#partition, this.#encoders, this.#memory, this.#yielded)
    this.#barren = facts.digest === window.digest ? this.#barren + 1 : 0
    const step = afterPage(window, { ...facts, next: answer.next, served: answer.served }, this.#rules)
    const content = { ...this.#encoders.page(), received: answer.rows.length }
    if (step.kind === 'walk') return { page: { ...content, cursor: step.cursor, complete: false }, next: step.cursor }
    return this.#close(step.cursor, content, answer.served)
  }

  async #close(walked: OpenCursor, content: PageContent, served: Instant): Promise<Step> {
    const needsProof = needsQuietProof(walked, this.#rules)
    const quiet = needsProof ? await this.#pages.isQuiet(walked, this.#latenessMs, served) : null
    const verdict = closeWalk(walked, { quiet, times: this.#memory.times() })
    if (verdict.kind === 'unstable') return this.#giveUp(walked, content)
    if (verdict.kind === 'again') {
      return { page: { ...content, cursor: verdict.cursor, complete: false }, next: verdict.cursor }
    }
    if (verdict.cursor.t <= this.#end) return this.#giveUp(walked, content)
    this.#end = verdict.cursor.t
    const next = nextCut(walked, verdict.cursor) ?? nextWindow(verdict.cursor, this.#rules)
    // A window that goes on is the better cursor: a kill here must not open the whole rest again.
    return { page: { ...content, cursor: next ?? verdict.cursor, complete: next === null }, next }
  }

  /** The window must be read again from its first page: its link is lost. */
  #restart(window: OpenCursor): Step {
    const content = { rows: new Map(), received: 0 }
    const walk = startWalk(window, false)
    // A link that was stored by an earlier run says nothing about how lively the window is.
    const cursor = this.#began ? walk : { ...walk, walk: window.walk }
    if (cursor.walk > MAX_WALKS) return this.#giveUp(window, content)
    return { page: { ...content, cursor, complete: false }, next: cursor }
  }

  /** Leaves the window open at its start, with all its walks before it, and ends this read. */
  #giveUp(window: OpenCursor, content: PageContent): Step {
    const failure = new WindowUnstableError(window.a, window.b, window.walk)
    return { page: { ...content, cursor: reopenWindow(window), complete: false }, next: null, failure }
  }
}
