import type { JsonObject } from '../../../../libs/connect/json.ts'
import { isThread } from '../channel_kinds.ts'
import { FLAG, MESSAGE } from '../codes.ts'
import type { Extras, Message, Poll, Reaction, User } from '../model.ts'
import { formatMicros, formatMillis, wholeMillis } from '../timestamps.ts'
import { renderAttachment, renderEmbed } from './render_attachment.ts'
import { renderChannel, renderThreadMember } from './render_channel.ts'
import { renderUser } from './render_user.ts'
import type { View } from './view.ts'

/** An edit shows its microseconds for so long; whatever is written down later knows milliseconds only (reference §6). */
const EXACT_MS = 10_000

/** Types whose messages have `referenced_message`. */
const REFERRING = new Set<number>([MESSAGE.REPLY, MESSAGE.THREAD_STARTER, 23])

const NOTHING: Extras = {}

/** A message as it is in lists: with reactions and the message it refers to. */
export function renderMessage(view: View, message: Message): JsonObject {
  return {
    ...renderBasic(view, message),
    ...(message.reactions ? { reactions: message.reactions.map((reaction) => renderReaction(view, reaction)) } : {}),
    ...renderReferred(view, message),
  }
}

/** Null: what it refers to was deleted. No key: nobody looked. */
function renderReferred(view: View, { type, reference }: Message): JsonObject {
  if (!reference?.resolved || reference.messageId === null || !REFERRING.has(type)) return {}
  const place = view.world.channel(reference.channelId)
  const referred = place && view.world.message(place, reference.messageId)
  return { referenced_message: referred ? renderBasic(view, referred) : null }
}

function renderBasic(view: View, message: Message): JsonObject {
  const { place, author, reference } = message
  const extras = message.extras ?? NOTHING
  const shown = showsContent(view, message)
  return {
    type: message.type,
    content: shown ? message.content : '',
    mentions: (extras.mentions ?? []).map(renderUser),
    mention_roles: extras.mentionRoles ?? [],
    ...renderContent(view, message, shown),
    timestamp: formatMillis(message.at),
    edited_timestamp: message.editedAt === 0 ? null : formatMicros(shownEdit(view, message.editedAt)),
    flags: message.flags,
    ...(extras.stickers
      ? { sticker_items: extras.stickers.map(({ id, name }) => ({ id, name, format_type: 1 })) }
      : {}),
    id: message.id,
    channel_id: place.id,
    author: renderUser(author),
    pinned: message.pinnedAt !== 0,
    mention_everyone: extras.mentionEveryone ?? false,
    tts: false,
    ...(author.webhook ? { webhook_id: author.id } : {}),
    ...(reference
      ? {
          message_reference: {
            type: reference.type,
            channel_id: reference.channelId,
            ...(reference.messageId === null ? {} : { message_id: reference.messageId }),
            guild_id: reference.guildId,
          },
        }
      : {}),
    ...(message.position >= 0 ? { position: message.position } : {}),
    ...renderStarted(view, message),
    ...extras.members,
  }
}

/** What the content intent gates, together with `content` (reference §7). */
function renderContent(view: View, { place, extras }: Message, shown: boolean): JsonObject {
  if (!extras || !shown)
    return {
      attachments: [],
      embeds: [],
      components: [],
      ...(extras?.snapshot ? { message_snapshots: [{ message: { ...extras.snapshot, ...BLANK } }] } : {}),
    }
  const { attachments = [], embeds = [], components = [], poll, snapshot, snapshotAttachments = [] } = extras
  return {
    attachments: attachments.map((attachment) => renderAttachment(view, place, attachment)),
    embeds: embeds.map((embed) => renderEmbed(view, embed)),
    components,
    ...(poll ? { poll: renderPoll(view, poll) } : {}),
    ...(snapshot
      ? {
          message_snapshots: [
            {
              message: {
                ...snapshot,
                attachments: snapshotAttachments.map((attachment) => renderAttachment(view, place, attachment)),
              },
            },
          ],
        }
      : {}),
  }
}

const BLANK = { content: '', embeds: [], attachments: [], components: [] }

/** Its own messages, and those that mention it, an app may read without the intent. */
function showsContent(view: View, { author, extras }: Message): boolean {
  return view.content || author === view.bot || (extras?.mentions?.includes(view.bot) ?? false)
}

function shownEdit(view: View, editedAt: number): number {
  const fresh = view.exactEdits && view.now - editedAt / 1000 < EXACT_MS
  return fresh ? editedAt : wholeMillis(editedAt)
}

/** The thread that was started from this message. */
function renderStarted(view: View, message: Message): JsonObject {
  if (!(message.flags & FLAG.HAS_THREAD)) return {}
  const thread = view.world.channel(message.id)
  if (!thread || !isThread(thread) || thread.parent !== message.place) return {}
  const member = renderThreadMember(thread, view.bot.id)
  return { thread: { ...renderChannel(thread), ...(member ? { member } : {}) } }
}

function renderReaction(view: View, { emoji, normal, burst }: Reaction): JsonObject {
  return {
    emoji: { id: emoji.id, name: emoji.name, ...(emoji.animated ? { animated: true } : {}) },
    count: normal.length + burst.length,
    count_details: { burst: burst.length, normal: normal.length },
    burst_colors: burst.length > 0 ? ['#ffcc00', '#aa5500'] : [],
    me_burst: burst.includes(view.bot),
    me: normal.includes(view.bot),
  }
}

/** Answers nobody voted for have no entry. */
function renderPoll(view: View, poll: Poll): JsonObject {
  const count = (votes: User[], index: number): JsonObject[] =>
    votes.length === 0 ? [] : [{ id: index + 1, count: votes.length, me_voted: votes.includes(view.bot) }]
  return {
    question: { text: poll.question },
    answers: poll.answers.map((text, index) => ({ answer_id: index + 1, poll_media: { text } })),
    expiry: formatMillis(poll.expiresAt),
    allow_multiselect: false,
    layout_type: 1,
    results: { answer_counts: poll.votes.flatMap(count), is_finalized: poll.finalized },
  }
}
