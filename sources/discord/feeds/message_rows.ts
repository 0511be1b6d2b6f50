import type { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { attachments } from '../tables/attachments.ts'
import { messageReactions } from '../tables/message_reactions.ts'
import { messages } from '../tables/messages.ts'
import { isRow, rowsOf, textOf } from './json_rows.ts'

export const MESSAGE_TABLES = [messages, messageReactions, attachments]

/** Where a page was read, and when. */
export interface Place {
  guild_id: string
  channel_id: string
  /** Discord's clock, ISO 8601. */
  seen_at: string
}

/** Adds a message with its reactions and attachments. @param users who reacted, by emoji, where that was asked for */
export function addMessage(
  encoders: PageEncoders,
  message: unknown,
  place: Place,
  users: ReadonlyMap<string, unknown[]> | undefined,
): void {
  const found = { ...place, deleted_at: null }
  encoders.add(messages.name, message, { ...found, ...ofMessage(message) })
  if (!isRow(message)) return
  const ofIt = { ...found, message_id: textOf(message, 'id') ?? null }
  for (const attachment of rowsOf(message.attachments)) encoders.add(attachments.name, attachment, ofIt)
  for (const reaction of rowsOf(message.reactions)) {
    const emoji_key = emojiKey(reaction)
    const who = users?.get(emoji_key)
    const row = who === undefined || !isRow(reaction) ? reaction : { ...reaction, users: who }
    encoders.add(messageReactions.name, row, { ...ofIt, emoji_key })
  }
}

/** What tells the emojis of a message apart: the id of a custom one, whose name can be lost, else its characters. */
export function emojiKey(reaction: unknown): string {
  const emoji = isRow(reaction) ? reaction.emoji : undefined
  return textOf(emoji, 'id') ?? textOf(emoji, 'name') ?? ''
}

function ofMessage(message: unknown) {
  if (!isRow(message)) return {}
  const { edited_timestamp, nonce, referenced_message, thread } = message
  return {
    // Right after an edit it has microseconds, later none (reference §6).
    edited_timestamp: toMilliseconds(textFrom(edited_timestamp)),
    // Text or a number (reference §10).
    nonce: textFrom(nonce),
    // Null says that it was deleted; absent says nothing (reference §6).
    referenced_message_deleted: referenced_message === null ? true : null,
    thread_id: textOf(thread, 'id') ?? null,
  }
}

/** What is no text at all becomes one, and where that does not fit the column, is rescued there. */
function textFrom(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function toMilliseconds(time: string | null): string | null {
  return time?.replace(/(\.\d{3})\d+/, '$1') ?? null
}
