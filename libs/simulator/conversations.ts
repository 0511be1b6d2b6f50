import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Instant } from '../connect/instant.ts'

/** One line of a conversation data set, in the order of the file: conversations one after another, `seq` ascending. */
export interface ConversationRow {
  conversation: string
  seq: number
  sent_at: Instant
  /** Null on system lines. */
  author: string | null
  kind: 'message' | 'system'
  text: string
  /** `seq` of the replied-to line of the same conversation. */
  reply_to: number | null
}

/** Streams `{conversation, seq, sent_at, author, kind, text, reply_to}` lines from a `.ndjson` or `.ndjson.gz` file. */
export async function* readConversations(path: string): AsyncGenerator<ConversationRow> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // pipe() does not carry errors over: a missing file would never end the loop.
  file.on('error', (error) => input.destroy(error))
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const row = JSON.parse(line) as Omit<ConversationRow, 'sent_at'> & { sent_at: string }
    yield { ...row, sent_at: Date.parse(row.sent_at) }
  }
}
