import type { FeedPage, FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import { formatInstant, type Instant } from '../../../libs/connect/instant.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import type { DiscordClient } from '../client.ts'
import { ListUnsteadyError } from '../errors/list_unsteady_error.ts'
import { compareSnowflakes, previousSnowflake } from '../snowflake.ts'
import { CONTENT_REFUSED, intentsNow, looksBlanked } from './intents.ts'
import type { ReadChannelCursor, Walk, WalkingCursor } from './message_cursor.ts'
import { rescanMs } from './message_cursor.ts'
import { type MessagePage, messagesAfter, newestId } from './message_pages.ts'
import { addMessage, MESSAGE_TABLES } from './message_rows.ts'
import { ReactionUsers } from './reaction_users.ts'
import { rightsNow } from './rights_now.ts'
import { theBot } from './server_time.ts'

/** Times in a row that a page is asked for again: an end which a later look contradicts, or one that says nothing. */
const MAX_DOUBTS = 3

/** Walks through a channel from the oldest message to the newest, page by page. */
export class ChannelWalk {
  readonly #connection: DiscordClient
  readonly #partition: Partition
  readonly #walk: Walk
  readonly #request: FeedRequest
  readonly #channelId: string
  readonly #encoders: PageEncoders
  readonly #users: ReactionUsers | null
  #at: string
  /** The newest message that this walk has seen. */
  #newest: string | undefined
  #seenAt: Instant

  constructor(connection: DiscordClient, partition: Partition, walk: Walk, request: FeedRequest) {
    this.#connection = connection
    this.#partition = partition
    this.#walk = walk
    this.#request = request
    this.#channelId = String(partition.channel_id)
    this.#at = walk.after
    this.#seenAt = connection.lastDate ?? walk.since
    this.#encoders = new PageEncoders(MESSAGE_TABLES, request)
    const wantsUsers = request.options.include_reaction_users === true && request.tables.has('message_reactions')
    const from = walk.since - rescanMs(request.options)
    this.#users = wantsUsers ? new ReactionUsers(walk.known, from, this.#args) : null
  }

  async *pages(): AsyncGenerator<FeedPage> {
    for (let doubts = 0; ; ) {
      const page = await this.#nextPage()
      if (page === null) return yield this.#refused(CONTENT_REFUSED)
      const last = page.ids.at(-1)
      const isOver = last !== undefined && compareSnowflakes(last, this.#walk.ceiling) >= 0
      const isEnd = isOver || last === undefined || (page.isShort && this.#isNewest(last))
      const isProven = last !== undefined || !this.#isQuiet()
      if (last === undefined && isProven) {
        const doubt = await this.#doubt()
        if (typeof doubt === 'object') return yield this.#refused(doubt)
        if (doubt === 'more' && ++doubts > MAX_DOUBTS) throw new ListUnsteadyError(this.#channelId)
        if (doubt === 'more') continue
      }
      yield await this.#pageOf(page, isEnd, isProven)
      if (isEnd) return
      this.#at = last
      doubts = 0
    }
  }

  get #args() {
    return { connection: this.#connection, signal: this.#request.signal, channelId: this.#channelId }
  }

  get #pageSize(): number {
    return Number(this.#request.options.page_size)
  }

  /** Nothing that is held or was listed lies behind: a short page ends the channel, without one more request. */
  #isNewest(id: string): boolean {
    const listed = this.#partition._last_message_id
    if (typeof listed !== 'string') return false
    const { held } = this.#walk
    return compareSnowflakes(id, listed) >= 0 && (held === undefined || compareSnowflakes(id, held) >= 0)
  }

  /**
   * Nothing is held or listed behind the place that was reached, so that an empty page says nothing new. Elsewhere it can
   * also stand for a lack of rights; and where nobody knows what is held, as with `--full`, it is always doubted.
   */
  #isQuiet(): boolean {
    const { held, isAgain } = this.#walk
    const listed = this.#partition._last_message_id
    if (!isAgain || held === undefined || compareSnowflakes(held, this.#at) > 0) return false
    return typeof listed === 'string' ? compareSnowflakes(listed, this.#at) <= 0 : this.#newest === undefined
  }

  /** Looks at an end another way: it stands, there is more, or the bot may not read here any more. */
  async #doubt() {
    const newest = await newestId(this.#args)
    if (newest !== undefined) return (await this.#hides(newest)) ? 'more' : 'none'
    const refusal = await rightsNow(this.#partition, { ...this.#args, session: this.#request.session })
    if (refusal !== null) return refusal
    // The right can have come back after the first look: only an answer that was given with it counts.
    return (await newestId(this.#args)) === undefined ? 'none' : 'more'
  }

  /** What this walk still has to read holds a message. A newest one beyond it says nothing about that. */
  async #hides(newest: string): Promise<boolean> {
    const { ceiling } = this.#walk
    const isBeyond = compareSnowflakes(newest, ceiling) >= 0
    const last = isBeyond ? await newestId(this.#args, ceiling) : newest
    return last !== undefined && compareSnowflakes(last, this.#at) > 0
  }

  /**
   * The next page with what its messages say; null: the bot lacks the intent. A page that was answered without it, and the
   * intent is there again, is asked for again: only an answer that was given with it counts.
   */
  async #nextPage(): Promise<MessagePage | null> {
    const args = { ...this.#args, session: this.#request.session }
    for (let again = 0; ; again++) {
      const page = await messagesAfter(this.#at, this.#pageSize, this.#args)
      this.#seenAt = Math.max(this.#seenAt, page.date ?? 0)
      if (!looksBlanked(page.messages, (await theBot(args)).id)) return page
      const intents = await intentsNow(args)
      if (intents?.messageContent === false) return null
      // Where Discord does not tell, and where messages say nothing again and again, they are read as they come.
      if (intents === null || again === MAX_DOUBTS) return page
    }
  }

  #refused(refused: NonNullable<FeedPage['refused']>): FeedPage {
    return { rows: new Map(), cursor: this.#cursor(this.#at), complete: false, refused }
  }

  /** @param isProven what lies behind the last row of an end is not there */
  async #pageOf({ messages, ids }: MessagePage, isEnd: boolean, isProven: boolean): Promise<FeedPage> {
    const { ceiling } = this.#walk
    const shown = ids.filter((id) => compareSnowflakes(id, ceiling) < 0)
    // Those without a usable id are kept aside, by the encoder.
    const rows = [...messages.slice(0, shown.length), ...messages.slice(ids.length)]
    const hasUsers = await this.#add(rows)
    this.#newest = shown.at(-1) ?? this.#newest
    const upTo = isEnd ? previousSnowflake(ceiling) : shown.at(-1)!
    const scanned = isProven && compareSnowflakes(upTo, this.#at) > 0 ? [this.#scanned(upTo)] : []
    const cursor = isEnd ? this.#readCursor() : this.#cursor(upTo)
    // Its first pages are of the run that began the walk.
    const { since } = this.#walk
    const began = isEnd && since < this.#request.until ? { since } : {}
    // Counts that were known without their users, where the option was off, are those of rows that stay as they are.
    const fills = hasUsers ? { fills: ['message_reactions'] } : {}
    return { ...this.#encoders.page(), cursor, complete: isEnd, ...began, ...fills, scanned, received: messages.length }
  }

  /** True where users were asked for. */
  async #add(messages: readonly unknown[]): Promise<boolean> {
    const seen_at = formatInstant(this.#seenAt)
    const place = { guild_id: String(this.#partition.guild_id), channel_id: this.#channelId, seen_at }
    let hasUsers = false
    for (const message of messages) {
      const users = this.#users === null ? undefined : await this.#users.of(message)
      addMessage(this.#encoders, message, place, users)
      hasUsers ||= users !== undefined && users.size > 0
    }
    return hasUsers
  }

  #scanned(upTo: string) {
    return { scope: this.#channelId, after: this.#at, upTo, at: this.#seenAt }
  }

  #cursor(at: string): WalkingCursor {
    const { start, since, held } = this.#walk
    const newest = [held, this.#newest]
      .filter((id) => id !== undefined)
      .toSorted(compareSnowflakes)
      .at(-1)
    const known = this.#knownCounts()
    return { v: 1, f: start, s: since, at, ...(newest === undefined ? {} : { h: newest }), ...known }
  }

  #readCursor(): ReadChannelCursor {
    const { start, since, held, after, ceiling, end } = this.#walk
    const listed = this.#partition._last_message_id
    // What lies behind the ceiling was listed, but not read.
    const l = typeof listed === 'string' && compareSnowflakes(listed, ceiling) < 0 ? { l: listed } : {}
    // Without a newest one nothing is behind the place where this read began. What was held before that still is: a walk
    // that was broken off goes on in the midst of what the next one looks at again. `0`: nothing was held at all.
    const before = held === undefined ? '0' : [held, after].toSorted(compareSnowflakes)[0]!
    const e = end !== undefined && end < since ? { e: end } : {}
    return { v: 1, t: since, f: start, ...e, h: this.#newest ?? before, ...l, ...this.#knownCounts() }
  }

  /** Counts for the messages that the next read will see again. */
  #knownCounts() {
    if (this.#users === null) return {}
    const r = this.#users.known()
    return Object.keys(r).length === 0 ? {} : { r }
  }
}
