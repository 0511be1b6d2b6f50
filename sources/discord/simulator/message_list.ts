import type { Message } from './model.ts'
import { compareIds } from './snowflake.ts'

/** The first place whose id is not less than `id`. */
export function lowerBound(messages: readonly Message[], id: string): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(messages[middle]!.id, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function findMessage(messages: readonly Message[], id: string): Message | undefined {
  const message = messages[lowerBound(messages, id)]
  return message?.id === id ? message : undefined
}

export function insertMessage(messages: Message[], message: Message): void {
  const last = messages.at(-1)
  if (!last || compareIds(last.id, message.id) < 0) messages.push(message)
  else messages.splice(lowerBound(messages, message.id), 0, message)
}

export interface Cursor {
  before?: string
  after?: string
  around?: string
}

/**
 * The rows that a cursor names, oldest first: those closest to it (reference §4). Both cursors are exclusive; `around`
 * gives the half before the id, the id itself and the rest after it, and is not filled up at the ends.
 */
export function cutMessages(messages: readonly Message[], cursor: Cursor, limit: number): [from: number, to: number] {
  const { before, after, around } = cursor
  if (after !== undefined) {
    const at = lowerBound(messages, after)
    const from = messages[at]?.id === after ? at + 1 : at
    return [from, Math.min(messages.length, from + limit)]
  }
  if (around !== undefined) {
    const at = lowerBound(messages, around)
    const from = Math.max(0, at - Math.floor(limit / 2))
    return [from, Math.min(messages.length, at + Math.ceil(limit / 2))]
  }
  const to = before === undefined ? messages.length : lowerBound(messages, before)
  return [Math.max(0, to - limit), to]
}
