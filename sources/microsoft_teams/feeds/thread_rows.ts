import type { Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import type { ListOrder, PendingReplies } from './channel_cursor.ts'
import { hash64 } from './export_digest.ts'
import { changeTime } from './export_rows.ts'
import { createdOf, type GraphRow, isRow, memberText } from './graph_page.ts'
import type { RowSet } from './row_set.ts'

/** What a page of threads brought, beside its rows. */
export interface PageOfThreads {
  /** A hash of every root and reply in its version, in the order of the page. */
  hashes: bigint[]
  /** A hash a thread: root and replies together. */
  threads: bigint[]
  /** The roots by their keys, and when they were written; NaN where they do not say. */
  roots: { key: bigint; created: Instant }[]
  /** Threads with more replies than came along. */
  replies: PendingReplies[]
  order: ListOrder
}

/** Encodes roots and the replies inside them, as `$expand=replies` brings them (reference §2.4). */
export class ThreadRows {
  /** Where the cursor began: rows changed before are left out. Rows without a usable time are kept. */
  start: Instant = 0
  readonly #partition: Partition
  readonly #encoders: PageEncoders
  readonly #end: Instant
  /** Rows that this read has handed on in this version: lists and deltas show the same ones again. */
  readonly #yielded: RowSet

  /** @param end rows changed from here on are left out */
  constructor(partition: Partition, encoders: PageEncoders, end: Instant, yielded: RowSet) {
    this.#partition = partition
    this.#encoders = encoders
    this.#end = end
    this.#yielded = yielded
  }

  addPage(rows: readonly unknown[], before: ListOrder): PageOfThreads {
    const page: PageOfThreads = { hashes: [], threads: [], roots: [], replies: [], order: before }
    for (const row of rows) {
      if (!isRow(row)) this.#encoders.add('messages', row, this.#added())
      else if ('@removed' in row) this.#encoders.reject('messages', row, REMOVED)
      else this.#addThread(row, page)
    }
    return page
  }

  addReplies(root: string, rows: readonly unknown[]): bigint[] {
    return rows.map((row) => this.#addReply(root, row))
  }

  #addThread(row: GraphRow, page: PageOfThreads): void {
    const { replies, 'replies@odata.nextLink': next, 'replies@odata.count': _, ...root } = row
    const hashes = [hashOf(root)]
    this.#addRow('messages', root, hashes[0]!, {})
    const inline = Array.isArray(replies) ? replies : []
    for (const reply of inline) hashes.push(this.#addReply(memberText(row.id), reply))
    if (typeof next === 'string' && next !== '') page.replies.push({ root: memberText(row.id), next })
    page.roots.push({ key: hash64(`root\n${memberText(row.id)}`), created: createdOf(row) })
    page.hashes.push(...hashes)
    page.threads.push(
      BigInt.asUintN(
        64,
        hashes.reduce((sum, hash) => sum + hash, 0n),
      ),
    )
    page.order = orderAfter(page.order, [row, ...inline.filter(isRow)])
  }

  #addReply(root: string, row: unknown): bigint {
    const parent = isRow(row) && typeof row.replyToId === 'string' && row.replyToId !== '' ? row.replyToId : root
    const hash = isRow(row) ? hashOf(row) : 0n
    this.#addRow('message_replies', row, hash, { parent_message_id: parent })
    return hash
  }

  #addRow(table: string, row: unknown, hash: bigint, added: Record<string, string>): void {
    const time = isRow(row) ? changeTime(row) : null
    const isAsked = time === null || (time >= this.start && time < this.#end)
    if (isAsked && (!isRow(row) || this.#yielded.add(hash)))
      this.#encoders.add(table, row, { ...this.#added(), ...added })
  }

  #added(): Record<string, string> {
    return { team_id: String(this.#partition.team_id), channel_id: String(this.#partition.channel_id) }
  }
}

/** No source shows `@removed` for messages (reference §1.8): should it come, the row stays and somebody hears of it. */
const REMOVED = {
  code: 'PARLEY_ROW_REMOVED',
  message: 'The API says that the message was removed, without its content. The stored row stays as it is.',
}

/** A row in one version. Reactions are counted because not every tenant moves the time for them. */
function hashOf(row: GraphRow): bigint {
  const reactions = Array.isArray(row.reactions) ? row.reactions.length : 0
  const version = [row.replyToId, row.id, row.lastModifiedDateTime, row.etag, row.deletedDateTime]
  return hash64(`${version.map(memberText).join('\n')}\n${reactions}`)
}

/** Extends what is known of the list's order by one thread, given as its root and the replies that came with it. */
function orderAfter(order: ListOrder, thread: readonly GraphRow[]): ListOrder {
  const times = thread.map(createdOf)
  const creation = times[0]!
  const activity = Math.max(...times)
  return {
    by_activity: order.by_activity && activity <= order.activity,
    by_creation: order.by_creation && creation <= order.creation,
    activity: Number.isNaN(activity) ? order.activity : activity,
    creation: Number.isNaN(creation) ? order.creation : creation,
  }
}
