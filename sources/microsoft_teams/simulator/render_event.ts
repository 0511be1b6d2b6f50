import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Message, User } from './model.ts'
import { userIdentity } from './render_identity.ts'
import type { Tenant } from './tenant.ts'

/** What a system line was about, as one of the 30 event details of the metadata. */
export function renderEvent(tenant: Tenant, message: Message): JsonObject {
  const user = tenant.person(message.hash)
  const initiator = user ? { application: null, device: null, user: nameless(tenant, user) } : null
  const members = user ? [nameless(tenant, user)] : []
  if (/\bjoined\b/.test(message.text)) {
    return { ...typed('membersAdded'), visibleHistoryStartDateTime: null, members, initiator }
  }
  if (/\b(left|quit)\b/.test(message.text)) return { ...typed('membersDeleted'), members, initiator }
  const channelId = message.channel.id
  if (/\bknown as\b/.test(message.text)) {
    return { ...typed('channelRenamed'), channelId, channelDisplayName: message.channel.displayName, initiator }
  }
  return { ...typed('channelDescriptionUpdated'), channelId, channelDescription: message.text, initiator }
}

function typed(name: string): JsonObject {
  return { '@odata.type': `#microsoft.graph.${name}EventMessageDetail` }
}

function nameless(tenant: Tenant, user: User): JsonObject {
  return { ...userIdentity(tenant, user), displayName: null }
}
