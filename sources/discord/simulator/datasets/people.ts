import type { Instant } from '../../../../libs/connect/instant.ts'
import type { Guild, Member, Role, User } from '../model.ts'
import { BIT } from '../permissions.ts'
import type { World } from '../world.ts'

const SEES = BIT.VIEW_CHANNEL | BIT.READ_MESSAGE_HISTORY | BIT.SEND_MESSAGES | BIT.CONNECT

/** A guild with @everyone, three roles, the bot with a role of its own, two custom emojis and a sticker. */
export function furnishGuild(world: World, guild: Guild, bot: User, at: Instant): void {
  guild.roles.push(role(guild.id, '@everyone', 0, SEES))
  guild.roles.push(role(world.ids.next(at), 'crew', 1, 0n))
  guild.roles.push(role(world.ids.next(at), 'moderators', 2, BIT.MANAGE_THREADS | BIT.MANAGE_CHANNELS))
  guild.roles.push({ ...role(world.ids.next(at), 'boosters', 3, 0n), managed: true })
  const own = { ...role(world.ids.next(at), bot.username, 4, SEES | BIT.MANAGE_THREADS), managed: true, botId: bot.id }
  guild.roles.push(own)
  guild.emojis.push({ id: world.ids.next(at), name: 'anchor', animated: false })
  guild.emojis.push({ id: world.ids.next(at), name: 'wave_hello', animated: true })
  guild.stickers.push({ id: world.ids.next(at), name: 'ahoy' })
  addMember(guild, bot, at, [own.id])
}

export function role(id: string, name: string, position: number, permissions: bigint): Role {
  return { id, name, permissions, position, color: position * 0x1f2e3d, managed: false, botId: null }
}

/** Every fifth member is crew and every twentieth moderates; some have a nick, one was in a time-out once. */
export function addPeople(guild: Guild, people: readonly User[], from: Instant): void {
  const [, crew, moderators] = guild.roles
  for (const [index, user] of people.entries()) {
    const roles = [...(index % 5 === 0 ? [crew!.id] : []), ...(index % 20 === 1 ? [moderators!.id] : [])]
    const member = addMember(guild, user, from + index * 61_007, roles)
    if (index % 6 === 2) member.nick = `${user.globalName ?? user.username} ⚓`
    if (index === 7) member.timedOutUntil = from + 86_400_000
  }
}

export function addMember(guild: Guild, user: User, at: Instant, roles: string[] = []): Member {
  const member: Member = { user, nick: null, roles, joinedAt: at * 1000 + 331, timedOutUntil: 0 }
  guild.members.set(user.id, member)
  return member
}
