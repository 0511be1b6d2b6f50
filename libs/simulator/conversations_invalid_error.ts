import { ParleyError } from '../connect/error.ts'

const EXAMPLE = {
  conversation: 'kitchen',
  seq: 0,
  sent_at: '2026-01-31T08:00:00Z',
  author: 'Ada',
  kind: 'message',
  text: 'Hello',
  reply_to: null,
}

/** A file of conversations for a simulator holds something else. Says where, and never what: it may be a message's text. */
export class ConversationsInvalidError extends ParleyError {
  readonly code = 'PARLEY_SIMULATOR_DATA_INVALID'
  readonly kind = 'usage'

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}.`, {
      remedy: `Give newline-delimited JSON (gzip if the name ends with .gz), a line a message: ${JSON.stringify(EXAMPLE)}`,
      details: { file, line },
    })
  }
}
