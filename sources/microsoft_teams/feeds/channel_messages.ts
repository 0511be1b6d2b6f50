import {
  type Cursor,
  defineFeed,
  type FeedPage,
  type FeedRequest,
  type Partition,
  type ReadArgs,
} from '../../../libs/connect/feed.ts'
import { FeedContractError } from '../../../libs/connect/feed_contract_error.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import type { GraphClient } from '../client.ts'
import { WindowUnstableError } from '../errors/window_unstable_error.ts'
import { messageReplies } from '../tables/message_replies.ts'
import { messages } from '../tables/messages.ts'
import { discoverTeams, lookAtTeam, serverTime } from './discovery.ts'
import { PageEncoders } from './encoders.ts'
import { EXPORT_CURSOR_VERSION, type OpenCursor, parseExportCursor } from './export_cursor.ts'
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
  startWalk,
  type WindowRules,
} from './export_walk.ts'
import { asRefusal } from './refusal.ts'
import { RowSet } from './row_set.ts'
import { WalkMemory } from './walk_memory.ts'

/**
 * Roots and replies of all channels of a team by the export API, in windows of lastModifiedDateTime.
 * The cursor is a window's end, so a late reply or an edit of an old message is simply a later time.
 */
export const channelMessagesFeed = defineFeed<GraphClient>({
  name: 'channel_messages',
  tables: ['messages', 'message_replies'],
  kind: 'windowed',
  cursorVersion: EXPORT_CURSOR_VERSION,
  until,
  discover: discoverTeams,
  look: lookAtTeam,
  async *read(connection, partition, cursor, request) {
    let at: Cursor | null = cursor
    try {
      for await (const page of readWindows(connection, partition, cursor, request)) {
        at = page.cursor
        yield page
      }
    } catch (error) {
      const refused = asRefusal(error)
      if (refused === null) throw error
      yield { rows: new Map(), cursor: at ?? { v: EXPORT_CURSOR_VERSION }, complete: false, refused }
    }
  },
})

/** The API's clock less settle_seconds, or end_date where that is earlier. */
async function until(args: ReadArgs<GraphClient>): Promise<Instant> {
  const settled = (await serverTime(args)) - Number(args.options.settle_seconds) * 1000
  const end = args.options.end_date
  return typeof end === 'number' ? Math.min(end, settled) : settled
}

function windowRules(options: ResolvedOptions, ceiling: Instant): WindowRules {
  return {
    until: ceiling,
    start: typeof options.start_date === 'number' ? Math.max(options.start_date, BEGINNING) : BEGINNING,
    lookbackMs: Number(options.lookback_seconds) * 1000,
    horizonMs: Number(options.rewalk_horizon) * 1000,
  }
}

async function* readWindows(
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
    const { page, next } = await reader.step(window)
    yield page
    window = next
  }
}

/** Windows that may close without moving the end of what has been read: the parts of one cut. */
const MAX_STANDING = 64

/** Reads one page at a time and says where to go on. */
class WindowReader {
  readonly #pages: ExportPages
  readonly #encoders: PageEncoders
  readonly #rules: WindowRules
  readonly #partition: Partition
  readonly #yielded = new RowSet()
  #memory = new WalkMemory()
  #end: Instant = Number.NEGATIVE_INFINITY
  #standing = 0

  constructor(connection: GraphClient, partition: Partition, request: FeedRequest, rules: WindowRules) {
    this.#pages = new ExportPages(connection, partition, request)
    this.#encoders = new PageEncoders([messages, messageReplies], request.tables, request.options.include_raw === true)
    this.#rules = rules
    this.#partition = partition
  }

  async step(window: OpenCursor): Promise<{ page: FeedPage; next: OpenCursor | null }> {
    if (window.pages === 0) this.#memory = new WalkMemory()
    const answer = await this.#pages.get(window)
    if (answer === 'lost') return this.#restart(window)
    const facts = addExportPage(answer.rows, window, this.#partition, this.#encoders, this.#memory, this.#yielded)
    const step = afterPage(window, { ...facts, next: answer.next, served: answer.served }, this.#rules)
    const content = { ...this.#encoders.page(), received: answer.rows.length }
    if (step.kind === 'walk') return { page: { ...content, cursor: step.cursor, complete: false }, next: step.cursor }
    return this.#close(step.cursor, content)
  }

  async #close(walked: OpenCursor, content: Omit<FeedPage, 'cursor' | 'complete'>) {
    const quiet = needsQuietProof(walked, this.#rules)
      ? await this.#pages.isQuiet(walked, this.#rules.lookbackMs)
      : null
    const verdict = closeWalk(walked, { quiet, times: this.#memory.times() })
    if (verdict.kind === 'unstable') throw new WindowUnstableError(walked.a, walked.b, MAX_WALKS)
    if (verdict.kind === 'closed') this.#advance(verdict.cursor.t)
    if (verdict.kind === 'again')
      return { page: { ...content, cursor: verdict.cursor, complete: false }, next: verdict.cursor }
    const next = nextCut(walked, verdict.cursor, this.#rules) ?? nextWindow(verdict.cursor, this.#rules)
    // A window that goes on is the better cursor: a kill here must not open the whole rest again.
    return { page: { ...content, cursor: next ?? verdict.cursor, complete: next === null }, next }
  }

  /** A window that was cut may end before the one behind it, within the overlap: not time after time. */
  #advance(end: Instant): void {
    this.#standing = end > this.#end ? 0 : this.#standing + 1
    this.#end = Math.max(this.#end, end)
    if (this.#standing > MAX_STANDING)
      throw new FeedContractError('channel_messages', this.#partition.id, 'windows do not move on')
  }

  /** The API no longer takes the link of the next page: the window is read again from its first page. */
  #restart(window: OpenCursor) {
    if (window.walk >= MAX_WALKS) throw new WindowUnstableError(window.a, window.b, window.walk)
    const cursor = startWalk(window, false)
    return { page: { rows: new Map(), cursor, complete: false, received: 0 }, next: cursor }
  }
}
