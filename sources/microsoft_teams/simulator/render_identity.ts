import type { JsonObject } from '../../../libs/connect/json.ts'
import { stableGuid } from '../../../libs/simulator/random.ts'
import type { Message, User } from './model.ts'
import type { Tenant } from './tenant.ts'

export function userIdentity(tenant: Tenant, user: User): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.teamworkUserIdentity',
    id: user.id,
    displayName: user.displayName,
    userIdentityType: 'aadUser',
    tenantId: tenant.id,
  }
}

const APPS = ['Build Bot', 'Ticket Desk', 'Release Notes', 'On-call'] as const

export function applicationIdentity(tenant: Tenant, message: Message): JsonObject {
  const name = APPS[message.hash % APPS.length]!
  return {
    '@odata.type': '#microsoft.graph.teamworkApplicationIdentity',
    id: stableGuid(`app ${name}`, tenant.seed),
    displayName: name,
    applicationIdentityType: 'bot',
  }
}
