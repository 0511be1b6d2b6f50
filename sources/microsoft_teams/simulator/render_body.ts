import type { JsonObject } from '../../../libs/connect/json.ts'
import { mix, stableGuid } from '../../../libs/simulator/random.ts'
import type { Message } from './model.ts'
import { userIdentity } from './render_identity.ts'
import type { Tenant } from './tenant.ts'

export interface RenderedBody {
  contentType: 'text' | 'html'
  content: string
  attachments: JsonObject[]
  mentions: JsonObject[]
}

/**
 * Text or HTML with mentions and attachments, as the message's hash has it. HTML wherever somebody is mentioned.
 * A deleted message keeps its row and loses its content (that the content goes is not documented).
 */
export function renderBody(tenant: Tenant, message: Message): RenderedBody {
  if (!message.author) return { contentType: 'html', content: '<systemEventMessage/>', attachments: [], mentions: [] }
  if (message.deleted) return { contentType: 'html', content: '', attachments: [], mentions: [] }
  const text = filledText(tenant, message)
  const attachments = message.hash % 37 === 0 ? [attachmentOf(tenant, message)] : []
  const mentions = message.hash % 13 === 0 ? mentionsOf(tenant, message) : []
  if (attachments.length === 0 && mentions.length === 0 && message.hash % 3 !== 0) {
    return { contentType: 'text', content: text, attachments, mentions }
  }
  const at = mentions
    .map((mention) => `<at id="${mention.id}">${escapeHtml(String(mention.mentionText))}</at>`)
    .join(' ')
  const files = attachments.map((file) => `<attachment id="${file.id}"></attachment>`).join('')
  return {
    contentType: 'html',
    content: `<p>${at ? `${at} ` : ''}${escapeHtml(text)}</p>${files}`,
    attachments,
    mentions,
  }
}

/** The text, filled up with words of the message's own where the data set has large bodies. */
function filledText(tenant: Tenant, message: Message): string {
  const missing = tenant.bodyBytes - Buffer.byteLength(message.text) - 1
  if (missing <= 0) return message.text
  let words = ''
  for (let word = 0; words.length < 1000; word++) words += `${mix(message.hash + word).toString(36)} `
  return `${message.text} ${words.repeat(Math.ceil(missing / words.length)).slice(0, missing)}`
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Mostly people, sometimes the channel itself. */
function mentionsOf(tenant: Tenant, message: Message): JsonObject[] {
  const draw = mix(message.hash + 1)
  const people = [tenant.person(draw)]
  if (draw % 4 === 0) people.push(tenant.person(mix(draw)))
  const mentions: JsonObject[] = people
    .filter((user) => user !== undefined)
    .map((user, id) => ({
      id,
      mentionText: user.displayName,
      mentioned: { application: null, device: null, conversation: null, user: userIdentity(tenant, user) },
    }))
  if (draw % 9 === 0) mentions.push(channelMention(message, mentions.length))
  return mentions
}

function channelMention(message: Message, id: number): JsonObject {
  const { channel } = message
  const conversation = { id: channel.id, displayName: channel.displayName, conversationIdentityType: 'channel' }
  return {
    id,
    mentionText: channel.displayName,
    mentioned: { application: null, device: null, conversation, user: null },
  }
}

function attachmentOf(tenant: Tenant, message: Message): JsonObject {
  const id = stableGuid(`attachment ${message.id} ${message.channel.index}`, tenant.seed)
  const card = message.hash % 2 === 0
  return {
    id,
    contentType: card ? 'application/vnd.microsoft.card.adaptive' : 'reference',
    contentUrl: card
      ? null
      : `https://parley${tenant.seed}.sharepoint.com/sites/${message.channel.index}/notes-${message.id}.docx`,
    content: card
      ? JSON.stringify({ type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: message.text }] })
      : null,
    name: card ? null : `notes-${message.id}.docx`,
    thumbnailUrl: null,
    teamsAppId: null,
  }
}
