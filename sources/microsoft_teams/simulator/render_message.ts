import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Message, Reaction } from './model.ts'
import { renderBody } from './render_body.ts'
import { renderEvent } from './render_event.ts'
import { applicationIdentity, userIdentity } from './render_identity.ts'
import type { Tenant } from './tenant.ts'

export interface RenderOptions {
  /** `Prefer: include-unknown-enum-members`: members after the sentinel keep their names. */
  unknownEnumMembers: boolean
  /** Rows of the export carry `@odata.type`. */
  typed?: boolean
}

/** Milliseconds without trailing zeros, as in every sample: `…:42.08Z`, `…:42Z`. */
export function renderInstant(instant: Instant): string {
  const text = new Date(instant).toISOString()
  const ms = instant % 1000
  if (ms === 0) return `${text.slice(0, 19)}Z`
  if (ms % 100 === 0) return `${text.slice(0, 21)}Z`
  return ms % 10 === 0 ? `${text.slice(0, 22)}Z` : text
}

/** The message as Graph v1.0 writes it: nulls are written out, empty lists are `[]` (reference §7). */
export function renderMessage(tenant: Tenant, message: Message, options: RenderOptions): JsonObject {
  const { channel, root } = message
  const body = renderBody(tenant, message)
  const created = renderInstant(message.id)
  return {
    ...(options.typed ? { '@odata.type': '#microsoft.graph.chatMessage' } : {}),
    id: String(message.id),
    replyToId: root ? String(root.id) : null,
    etag: String(message.modified),
    messageType: message.author ? 'message' : options.unknownEnumMembers ? 'systemEventMessage' : 'unknownFutureValue',
    createdDateTime: created,
    lastModifiedDateTime: message.modified === message.id ? created : renderInstant(message.modified),
    lastEditedDateTime: message.edited ? renderInstant(message.edited) : null,
    deletedDateTime: message.deleted ? renderInstant(message.deleted) : null,
    subject: subjectOf(message),
    summary: null,
    chatId: null,
    importance: message.hash % 211 === 0 ? 'urgent' : message.hash % 89 === 0 ? 'high' : 'normal',
    locale: 'en-us',
    webUrl: webUrl(tenant, message),
    from: senderOf(tenant, message),
    body: { contentType: body.contentType, content: body.content },
    channelIdentity: { teamId: channel.team.id, channelId: channel.id },
    policyViolation: null,
    eventDetail: message.author ? null : renderEvent(tenant, message),
    attachments: body.attachments,
    mentions: body.mentions,
    reactions: (message.reactions ?? []).map((reaction) => renderReaction(tenant, reaction)),
  }
}

/** Some posts have a title; the empty text is one that was removed again. */
function subjectOf(message: Message): string | null {
  if (message.root || !message.author || message.deleted) return null
  if (message.hash % 19 === 0) return message.text.split(/\s+/).slice(0, 5).join(' ')
  return message.hash % 83 === 0 ? '' : null
}

/** Whether the sender is an app: a share of the messages comes from bots. */
export function isFromApp(message: Message): boolean {
  return message.author !== null && message.hash % 53 === 0
}

function senderOf(tenant: Tenant, message: Message): JsonObject | null {
  if (!message.author) return null
  if (isFromApp(message)) return { application: applicationIdentity(tenant, message), device: null, user: null }
  return { application: null, device: null, user: userIdentity(tenant, message.author) }
}

/** Reactions name the user by id only; now and then the user is missing altogether (reference §7). */
function renderReaction(tenant: Tenant, reaction: Reaction): JsonObject {
  const nameless = reaction.at % 17 === 0
  return {
    reactionType: reaction.type,
    displayName: REACTION_NAMES[reaction.type] ?? null,
    reactionContentUrl: null,
    createdDateTime: renderInstant(reaction.at),
    user: {
      application: null,
      device: null,
      user: nameless ? null : { ...userIdentity(tenant, reaction.user), displayName: null },
    },
  }
}

/** Old words and Unicode emoji, as the API mixes them. */
export const REACTION_NAMES: Record<string, string> = {
  like: 'Like',
  heart: 'Heart',
  laugh: 'Laugh',
  surprised: 'Surprised',
  '👀': 'Eyes',
  '🚀': 'Rocket',
  '✅': 'Check mark',
}

function webUrl(tenant: Tenant, message: Message): string {
  const parent = message.root?.id ?? message.id
  const path = `${message.channel.urlId}/${message.id}`
  return `https://teams.microsoft.com/l/message/${path}?groupId=${message.channel.team.id}&tenantId=${tenant.id}&createdTime=${message.id}&parentMessageId=${parent}`
}
