import type { JsonObject } from '../../../libs/connect/json.ts'
import type { MemberRole, Members } from './members.ts'
import type { Channel, Team, User } from './model.ts'
import type { Tenant } from './tenant.ts'

/** Everybody in the team is in its standard channels; private and shared ones have members of their own. */
export function channelPeople(channel: Channel): Members {
  return channel.membershipType === 'standard' ? channel.team.members : channel.members
}

/** `{teamId}##{userId}`, as the samples of both lists decode: the same person has one id in a team and in its channels. */
export function membershipId(team: Team, user: User): string {
  return Buffer.from(`${team.id}##${user.id}`).toString('base64')
}

export function renderMember(tenant: Tenant, team: Team, user: User, role: MemberRole): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    id: membershipId(team, user),
    roles: role === 'member' ? [] : [role],
    displayName: user.displayName,
    visibleHistoryStartDateTime: '0001-01-01T00:00:00Z',
    userId: user.id,
    email: user.email,
    tenantId: tenant.id,
  }
}
