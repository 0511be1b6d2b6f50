import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Access } from '../access.ts'
import type { Guild, Member, User } from '../model.ts'
import { formatMicros, formatMillis } from '../timestamps.ts'

const DECORATION = '1b9fbcd5ac2f4f8a9c1c3f0d8a7e6b54'

/** A user as it is in every answer; what is not known of it follows from its hash. */
export function renderUser(user: User): JsonObject {
  const { hash } = user
  const person = !user.bot && !user.webhook
  return {
    id: user.id,
    username: user.username,
    avatar: user.avatar,
    discriminator: user.webhook ? '0000' : user.bot ? String(1 + (hash % 9999)).padStart(4, '0') : '0',
    public_flags: person && hash % 16 === 0 ? 64 : 0,
    flags: person && hash % 16 === 0 ? 64 : 0,
    ...(person ? {} : { bot: true }),
    banner: null,
    accent_color: hash % 10 === 0 ? hash % 0xffffff : null,
    global_name: person ? user.globalName : null,
    avatar_decoration_data: hash % 40 === 0 ? { asset: `a_${DECORATION}`, sku_id: '1144058844004233369' } : null,
    collectibles: null,
    primary_guild: null,
  }
}

/** The bot itself, as `/users/@me` shows it. */
export function renderSelf(access: Access): JsonObject {
  return { ...renderUser(access.bot), mfa_enabled: true, locale: 'en-US', premium_type: 0, email: null, verified: true }
}

export function renderMember(guild: Guild, member: Member): JsonObject {
  const { user } = member
  return {
    avatar: null,
    banner: null,
    communication_disabled_until: member.timedOutUntil === 0 ? null : formatMillis(member.timedOutUntil),
    flags: user.hash % 5 === 0 ? 2 : 0,
    joined_at: formatMicros(member.joinedAt),
    nick: member.nick,
    pending: false,
    premium_since: user.hash % 23 === 0 && !user.bot ? formatMicros(member.joinedAt + 86_400_000_000) : null,
    roles: member.roles.filter((id) => guild.roles.some((role) => role.id === id)),
    user: renderUser(user),
    mute: false,
    deaf: false,
  }
}
