import type { Instant } from '../connect/instant.ts'
import { readLines } from './read_lines.ts'

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
  for await (const line of readLines(path)) {
    const row = JSON.parse(line) as Omit<ConversationRow, 'sent_at'> & { sent_at: string }
    yield { ...row, sent_at: Date.parse(row.sent_at) }
  }
}
