import { type Instant, parseInstant } from '../connect/instant.ts'
import { ConversationsInvalidError } from './conversations_invalid_error.ts'
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

type RawRow = Record<keyof ConversationRow, unknown>

const isText = (value: unknown): boolean => typeof value === 'string'
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isNone = (value: unknown): boolean => value === null || value === undefined

/** What a member must be, and how that is told; `sent_at` has been read by then. */
const MEMBERS: readonly [keyof ConversationRow, (value: unknown) => boolean, string][] = [
  ['conversation', isText, 'a text'],
  ['seq', isCount, 'a whole number from 0'],
  ['sent_at', (value) => !Number.isNaN(value), 'a time with a zone'],
  ['author', (value) => isText(value) || isNone(value), 'a text or null'],
  ['kind', (value) => value === 'message' || value === 'system', 'message or system'],
  ['text', isText, 'a text'],
  ['reply_to', (value) => isCount(value) || isNone(value), 'the seq of an earlier line, or null'],
]

/**
 * Streams `{conversation, seq, sent_at, author, kind, text, reply_to}` lines from a `.ndjson` or `.ndjson.gz` file; `author`
 * and `reply_to` may be absent. Rejects with the file system's error where it cannot be read.
 * @throws ConversationsInvalidError for a line that is something else, and for a file without one
 */
export async function* readConversations(path: string): AsyncGenerator<ConversationRow> {
  let rows = 0
  for await (const { text, number } of readLines(path)) {
    rows++
    yield toRow(parse(text, path, number), path, number)
  }
  if (rows === 0) throw new ConversationsInvalidError(path, 1, 'there is no line')
}

function parse(text: string, file: string, line: number): RawRow {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ConversationsInvalidError(file, line, 'the line is not JSON')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawRow
  throw new ConversationsInvalidError(file, line, 'the line is not a JSON object')
}

function toRow(raw: RawRow, file: string, line: number): ConversationRow {
  raw.sent_at = timeOf(raw.sent_at)
  for (const [name, fits, expected] of MEMBERS)
    if (!fits(raw[name])) throw new ConversationsInvalidError(file, line, `${name} must be ${expected}`)
  raw.author ??= null
  raw.reply_to ??= null
  return raw as unknown as ConversationRow
}

/** NaN for what is no time. */
function timeOf(value: unknown): Instant {
  const isTime = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value)
  return isTime ? parseInstant(value) : Number.NaN
}
