import { hash } from 'node:crypto'
import type { FeedRequest } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { DiscordUnknownEmojiError } from '../errors/unknown_emoji_error.ts'
import { compareSnowflakes, floorSnowflake } from '../snowflake.ts'
import { type DiscordRow, isRow, rowsOf, textOf } from './json_rows.ts'
import { allRows, highestId } from './listed_pages.ts'
import type { KnownCounts } from './message_cursor.ts'
import { emojiKey } from './message_rows.ts'
import { asRefusal } from './refusal.ts'

type Args = Pick<FeedRequest, 'signal'> & { connection: DiscordClient; channelId: string }

/** Most users of a page, and the kinds of reactions, each of which is a list of its own (reference §3). */
const PAGE = 100
const [NORMAL, BURST] = [0, 1]
/** Messages whose counts a cursor remembers; what it forgets is asked for again, and found to be as it was. */
const MAX_REMEMBERED = 2_000

/**
 * Who reacted to the messages of a channel. A message is asked for again only where its counts have changed: reading one
 * emoji costs a request or more, and equal counts are all that a list of messages tells (reference §6).
 */
export class ReactionUsers {
  readonly #args: Args
  readonly #before: KnownCounts
  /** Messages from here on are read again by the next read. */
  readonly #floor: string
  /** Counts of the newest messages, in the order they were read. */
  readonly #now = new Map<string, string>()

  /** @param from epoch ms: where the next read will begin */
  constructor(before: KnownCounts, from: number, args: Args) {
    this.#before = before
    this.#floor = floorSnowflake(from)
    this.#args = args
  }

  /** Users by emoji, where the counts of the message are not known yet. */
  async of(message: unknown): Promise<Map<string, unknown[]>> {
    const users = new Map<string, unknown[]>()
    const id = textOf(message, 'id')
    const reactions = rowsOf(isRow(message) ? message.reactions : undefined).filter(isRow)
    if (id === undefined || reactions.length === 0) return users
    const counts = digestOf(reactions)
    this.#remember(id, counts)
    if (this.#before[id] === counts) return users
    for (const reaction of reactions) {
      const who = await this.#list(id, reaction)
      if (who !== null) users.set(emojiKey(reaction), who)
    }
    return users
  }

  /** What the next read need not ask for again. */
  known(): KnownCounts {
    return Object.fromEntries(this.#now)
  }

  #remember(id: string, counts: string): void {
    if (compareSnowflakes(id, this.#floor) < 0) return
    this.#now.set(id, counts)
    const [oldest] = this.#now.keys()
    if (this.#now.size > MAX_REMEMBERED) this.#now.delete(oldest!)
  }

  /** Null where Discord does not list an emoji that it shows on the message (reference §3). */
  async #list(messageId: string, reaction: DiscordRow): Promise<unknown[] | null> {
    const emoji = pathEmoji(reaction.emoji)
    if (emoji === null) return null
    try {
      const [count, bursts] = [Number(reaction.count ?? 0), burstOf(reaction)]
      const normal = await this.#listKind(messageId, emoji, NORMAL, count - bursts)
      const burst = bursts > 0 ? await this.#listKind(messageId, emoji, BURST, bursts) : []
      return [...normal.map((user) => tagged(user, false)), ...burst.map((user) => tagged(user, true))]
    } catch (error) {
      // A message that is deleted by now; an emoji that cannot be asked for.
      if (error instanceof DiscordUnknownEmojiError || asRefusal(error)?.status === 404) return null
      throw error
    }
  }

  /** @param count as the message says it: a page that is short before has more behind it */
  #listKind(messageId: string, emoji: string, type: number, count: number): Promise<unknown[]> {
    const path = ['channels', this.#args.channelId, 'messages', messageId, 'reactions', emoji]
    let listed = 0
    const next = (rows: readonly unknown[]) => {
      listed += rows.length
      return rows.length < PAGE && listed >= count ? undefined : highestId(rows, (user) => textOf(user, 'id'))
    }
    return allRows({ path, query: { limit: PAGE, type }, from: 'after', next }, this.#args)
  }
}

/** `name:id`, or the characters; null for a custom emoji that lost its name with its deletion. */
function pathEmoji(emoji: unknown): string | null {
  const [id, name] = [textOf(emoji, 'id'), textOf(emoji, 'name')]
  if (name === undefined || name === '') return null
  return id === undefined ? name : `${name}:${id}`
}

function burstOf({ count_details }: DiscordRow): number {
  return Number(isRow(count_details) ? (count_details.burst ?? 0) : 0)
}

function digestOf(reactions: readonly DiscordRow[]): string {
  const counts = reactions.map((reaction) => [emojiKey(reaction), Number(reaction.count ?? 0), burstOf(reaction)])
  return hash('sha256', JSON.stringify(counts), 'hex').slice(0, 12)
}

const tagged = (user: unknown, burst: boolean) => (isRow(user) ? { ...user, burst } : user)
