import type { ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { type DiscordRow, isRow, rowsOf, textOf } from './json_rows.ts'
import { asRefusal } from './refusal.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'session' | 'signal'>

/** Flags of an application: the intent, and the same for small bots (reference §3, §7). */
const MESSAGE_CONTENT = (1n << 18n) | (1n << 19n)
const GUILD_MEMBERS = (1n << 14n) | (1n << 15n)

export interface Intents {
  messageContent: boolean
  guildMembers: boolean
}

/** The privileged intents of the bot, asked for once a session; null where Discord does not tell. */
export function intentsOf(args: Args): Promise<Intents | null> {
  return args.session.once('intents', () => intentsNow(args))
}

/** The same as they are at this moment: they can be switched off while a run goes on. */
export async function intentsNow({ connection, signal }: Args): Promise<Intents | null> {
  try {
    const { body } = await connection.get(['applications', '@me'], {}, { signal, expect: 'object' })
    const flags = flagsOf(body)
    if (flags === null) return null
    return { messageContent: (flags & MESSAGE_CONTENT) !== 0n, guildMembers: (flags & GUILD_MEMBERS) !== 0n }
  } catch (error) {
    if (asRefusal(error) === null) throw error
    return null
  }
}

function flagsOf(body: unknown): bigint | null {
  const flags = isRow(body) ? (body.flags_new ?? body.flags) : undefined
  return /^\d+$/.test(String(flags)) ? BigInt(String(flags)) : null
}

/** Without it Discord answers messages without their content, with the status of a success (reference §7). */
export const CONTENT_REFUSED: Refusal = {
  code: 'PARLEY_DISCORD_INTENT_MISSING',
  status: 403,
  message: 'The bot lacks the Message Content Intent: Discord leaves out what messages say.',
  remedy: 'Switch on Message Content Intent on the page Bot of the developer portal; the next sync reads on.',
}

/** Lists of members take an intent of their own (reference §7). */
export const MEMBERS_REFUSED: Refusal = {
  code: 'PARLEY_DISCORD_INTENT_MISSING',
  status: 403,
  message: 'The bot lacks the Server Members Intent: Discord does not list the members of servers.',
  remedy: 'Switch on Server Members Intent on the page Bot of the developer portal, or leave the table members out.',
}

/** Messages that people write, and system messages that name something (a channel, a thread, a rule): others are often empty. */
const WRITTEN: ReadonlySet<unknown> = new Set([0, 4, 12, 18, 19, 20, 23, 24])

/**
 * True for a page on which no message says anything, though some should: what the lack of the intent looks like. The
 * bot's own messages and those that mention it are never blanked.
 */
export function looksBlanked(messages: readonly unknown[], botId: string): boolean {
  const written = messages.filter(isRow).filter((message) => WRITTEN.has(message.type) && !isExempt(message, botId))
  // Stickers are not blanked: a message of one alone proves nothing, and has no content to miss.
  const telling = written.filter((message) => !isBlank(message) || rowsOf(message.sticker_items).length === 0)
  return telling.length > 0 && telling.every(isBlank)
}

function isExempt({ author, mentions }: DiscordRow, botId: string): boolean {
  return textOf(author, 'id') === botId || rowsOf(mentions).some((user) => textOf(user, 'id') === botId)
}

/** A forward is blank with what it forwards. */
function isBlank({ content, embeds, attachments, components, poll, message_snapshots }: DiscordRow): boolean {
  if (content !== '' || poll !== undefined) return false
  const isEmpty = (list: unknown) => rowsOf(list).length === 0
  const forwarded = rowsOf(message_snapshots).map((snapshot) => (isRow(snapshot) ? snapshot.message : undefined))
  return [embeds, attachments, components].every(isEmpty) && forwarded.every((one) => isRow(one) && isBlank(one))
}
