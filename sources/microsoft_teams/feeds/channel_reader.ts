import type { Cursor, FeedPage, FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { PagingLoopError } from '../../../libs/http/paging_loop_error.ts'
import type { GraphClient } from '../client.ts'
import { WindowUnstableError } from '../errors/window_unstable_error.ts'
import { messageReplies } from '../tables/message_replies.ts'
import { messages } from '../tables/messages.ts'
import { type ChannelCursor, type OpenRead, openPhase, parseChannelCursor } from './channel_cursor.ts'
import { type ChannelPage, ChannelPages } from './channel_pages.ts'
import {
  afterLost,
  afterPhase,
  afterReplies,
  afterThreads,
  type ChannelRules,
  isEnded,
  isOrdered,
  MAX_LOST,
  nextRead,
  roundSince,
} from './channel_phases.ts'
import { extendDigest } from './export_digest.ts'
import { startOf } from './export_reader.ts'
import { RowSet } from './row_set.ts'
import { ThreadMemory } from './thread_memory.ts'
import { type PageOfThreads, ThreadRows } from './thread_rows.ts'

/** Pages one after the other without a row that is new to the walk: then the links lead nowhere. */
const MAX_BARREN_PAGES = 1_000

/** "Delta sees only the last 8 months" (reference §2.5); the shortest eight months have 242 days. */
const DELTA_HORIZON_MS = 240 * 86_400_000

/** One channel's roots and replies by its delta or its list. The cursor is a token and a time, see `channel_cursor.ts`. */
export async function* readChannel(
  connection: GraphClient,
  partition: Partition,
  cursor: Cursor | null,
  request: FeedRequest,
): AsyncGenerator<FeedPage> {
  const rules = rulesOf(partition, request)
  const reader = new ChannelReader(connection, partition, request, rules)
  let at = nextRead(cursor === null ? null : parseChannelCursor(cursor), rules)
  // Bounded: every step follows a link (checked for loops), ends a phase, or counts a lost token or a walk.
  while (at !== null) {
    const { content, cursor: after, failure } = await reader.step(at)
    const next = after.open === undefined ? nextRead(after, rules) : after
    yield { ...content, cursor: next ?? after, complete: next === null }
    if (failure !== undefined) throw failure
    at = next
  }
}

function rulesOf(partition: Partition, { options, until }: FeedRequest): ChannelRules {
  return {
    mode: partition.read_mode === 'list' ? 'list' : 'delta',
    start: startOf(options),
    end: typeof options.end_date === 'number' ? options.end_date : Number.POSITIVE_INFINITY,
    until,
    lookbackMs: Number(options.lookback_seconds) * 1000,
    horizon: until - DELTA_HORIZON_MS,
  }
}

interface Step {
  content: Omit<FeedPage, 'cursor' | 'complete'>
  cursor: ChannelCursor
  /** Ends the read after the page. */
  failure?: Error
}

/** Reads one page at a time and says where to go on. */
class ChannelReader {
  readonly #pages: ChannelPages
  readonly #encoders: PageEncoders
  readonly #rows: ThreadRows
  readonly #rules: ChannelRules
  readonly #threads = new ThreadMemory()
  /** Rows of the present walk. */
  #walk = new RowSet()
  #lost = 0
  #barren = 0

  constructor(connection: GraphClient, partition: Partition, request: FeedRequest, rules: ChannelRules) {
    this.#pages = new ChannelPages(connection, partition, request)
    this.#encoders = new PageEncoders([messages, messageReplies], request)
    this.#rows = new ThreadRows(partition, this.#encoders, rules.end, new RowSet())
    this.#rules = rules
  }

  async step(from: ChannelCursor): Promise<Step> {
    const cursor: ChannelCursor = this.#rules.end === Number.POSITIVE_INFINITY ? from : { ...from, bounded: true }
    const open = cursor.open!
    this.#rows.start = cursor.s
    const page = await this.#ask(cursor, open)
    if (page === 'lost') return this.#lose(cursor, open)
    return open.replies.length > 0 ? this.#takeReplies(cursor, open, page) : this.#takeThreads(cursor, open, page)
  }

  #ask(cursor: ChannelCursor, open: OpenRead): Promise<ChannelPage | 'lost'> {
    const [thread] = open.replies
    if (thread !== undefined)
      return thread.next === undefined ? this.#pages.replies(thread.root) : this.#pages.follow(thread.next)
    if (open.next !== undefined) return this.#pages.follow(open.next)
    this.#walk = new RowSet()
    this.#barren = 0
    if (open.phase === 'list' || open.phase === 'history') {
      this.#threads.startWalk()
      return this.#pages.list()
    }
    if (open.phase === 'round' && cursor.link !== undefined) return this.#pages.follow(cursor.link)
    return this.#pages.delta(roundSince(cursor, open, this.#rules))
  }

  #takeReplies(cursor: ChannelCursor, open: OpenRead, page: ChannelPage): Step {
    this.#note(this.#rows.addReplies(open.replies[0]!.root, page.rows))
    if (this.#barren > MAX_BARREN_PAGES) return this.#lose(cursor, open)
    return this.#go(afterReplies(cursor, open, page.next), page.rows.length, false)
  }

  #takeThreads(cursor: ChannelCursor, open: OpenRead, page: ChannelPage): Step {
    const { hashes, threads, roots, replies, order } = this.#rows.addPage(page.rows, open.order)
    const fresh = this.#note(hashes)
    if (this.#barren > MAX_BARREN_PAGES) return this.#lose(cursor, open)
    const isKnown = this.#threads.meet(threads)
    const digest = extendDigest(open.digest, open.phase === 'history' ? this.#newRoots(roots, open.until) : fresh)
    // A list in order shows at its front all that moved while it was walked: behind a page without news there is none.
    const isProven = open.phase === 'list' && open.walk > 1 && open.ordered === true && isOrdered(order) && isKnown
    const next = isProven ? undefined : page.next
    const after = afterThreads(cursor, open, {
      next,
      deltaLink: page.deltaLink,
      replies: isProven ? [] : replies,
      digest,
      order,
    })
    return this.#go(after, page.rows.length, isProven)
  }

  /** Behind a token only the threads count that were there before it: the round after the walk shows those that change. */
  #newRoots(roots: PageOfThreads['roots'], until: Instant): bigint[] {
    return roots.filter(({ key, created }) => !(created >= until) && this.#walk.add(key)).map(({ key }) => key)
  }

  /** Which rows are new to the walk. */
  #note(hashes: readonly bigint[]): bigint[] {
    const fresh = hashes.filter((hash) => this.#walk.add(hash))
    this.#barren = fresh.length === 0 ? this.#barren + 1 : 0
    return fresh
  }

  #go(after: ChannelCursor, received: number, isProven: boolean): Step {
    const content = { ...this.#encoders.page(), received }
    if (!isEnded(after.open!)) return { content, cursor: after }
    const next = afterPhase(after, after.open!, isProven)
    return next === 'unstable' ? this.#giveUp(after, content) : { content, cursor: next }
  }

  #lose(cursor: ChannelCursor, open: OpenRead): Step {
    this.#lost += 1
    this.#barren = 0
    const content = { ...this.#encoders.page(), received: 0 }
    if (open.replies.length > 0 && this.#lost > MAX_LOST) throw new PagingLoopError(open.pages, this.#lost)
    const next = afterLost(cursor, open, this.#lost)
    return next === 'unstable' ? this.#giveUp(cursor, content) : { content, cursor: next }
  }

  /** The walks of the list did not agree: it is read again from its start by the next run, behind the same token if there is one. */
  #giveUp(cursor: ChannelCursor, content: Step['content']): Step {
    const { s, t } = cursor
    const { phase, until, walk } = cursor.open!
    const failure = new WindowUnstableError(s, until, walk)
    if (phase === 'history') return { content, cursor: { ...cursor, open: openPhase(phase, until) }, failure }
    return { content, cursor: { v: 2, s, t, open: openPhase('list', until) }, failure }
  }
}
