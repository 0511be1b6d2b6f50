import { CHANNEL } from '../codes.ts'
import type { Context } from '../context.ts'
import { addMember, furnishGuild, role } from '../datasets/people.ts'
import type { Guild, Member, User } from '../model.ts'
import type { MemberTarget } from '../mutation_types.ts'
import { found, Targets } from './targets.ts'

/** Changes of guilds, and of who and what is in them. */
export class GuildChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context)
  }

  create(name?: string): { guild_id: string; channel_id: string } {
    const { world, access, clock } = this.#context
    const at = clock.now()
    const owner = this.#targets.user()
    const guild = world.addGuild(name ?? `New guild ${world.guilds.length + 1}`, at, owner)
    furnishGuild(world, guild, access.bot, at)
    addMember(guild, owner, at)
    const channel = world.addChannel(guild, { type: CHANNEL.TEXT, name: 'general', at })
    return { guild_id: guild.id, channel_id: channel.id }
  }

  remove(id?: string): { guild_id: string } {
    const guild = this.#targets.guild(id)
    this.#context.world.removeGuild(guild)
    return { guild_id: guild.id }
  }

  /** Out of the guild it is out of its threads too. */
  kickBot(id?: string): { guild_id: string } {
    const guild = this.#targets.guild(id)
    this.#leave(guild, this.#context.access.bot)
    return { guild_id: guild.id }
  }

  inviteBot(id?: string): { guild_id: string } {
    const guild = this.#targets.guild(id)
    const { bot } = this.#context.access
    const own = guild.roles.filter((other) => other.botId === bot.id).map((other) => other.id)
    addMember(guild, bot, this.#context.clock.now(), own)
    return { guild_id: guild.id }
  }

  memberJoin({ guild_id, user_id, name }: MemberTarget): { guild_id: string; user_id: string } {
    const guild = this.#targets.guild(guild_id)
    const { world, clock } = this.#context
    const user =
      user_id === undefined ? world.user(name ?? `Newcomer ${world.users.length}`) : this.#targets.user(user_id)
    addMember(guild, user, clock.now())
    return { guild_id: guild.id, user_id: user.id }
  }

  memberLeave(target: MemberTarget): { guild_id: string; user_id: string } {
    const { guild, member } = this.#member(target)
    if (member.user.id === guild.ownerId) throw new TypeError('The owner of a guild cannot leave it.')
    this.#leave(guild, member.user)
    return { guild_id: guild.id, user_id: member.user.id }
  }

  memberNick(target: MemberTarget): { guild_id: string; user_id: string } {
    const { guild, member } = this.#member(target)
    member.nick = target.nick === undefined ? `Nick ${this.#context.random.below(1000)}` : target.nick
    return { guild_id: guild.id, user_id: member.user.id }
  }

  memberRole(target: MemberTarget): { guild_id: string; user_id: string; role_id: string } {
    const { guild, member } = this.#member(target)
    const role_id = target.role_id ?? this.#role(guild).id
    const had = member.roles.includes(role_id)
    member.roles = had ? member.roles.filter((id) => id !== role_id) : [...member.roles, role_id]
    return { guild_id: guild.id, user_id: member.user.id, role_id }
  }

  memberTimeout({ guild_id, user_id, ms = 3_600_000 }: MemberTarget): { guild_id: string; user_id: string } {
    const { guild, member } = this.#member({
      user_id: user_id ?? this.#context.access.bot.id,
      ...(guild_id === undefined ? {} : { guild_id }),
    })
    member.timedOutUntil = this.#context.clock.now() + ms
    return { guild_id: guild.id, user_id: member.user.id }
  }

  newRole({ guild_id, name }: { guild_id?: string; name?: string }): { guild_id: string; role_id: string } {
    const guild = this.#targets.guild(guild_id)
    const id = this.#context.world.ids.next(this.#context.clock.now())
    guild.roles.push(role(id, name ?? `role ${guild.roles.length}`, guild.roles.length, 0n))
    return { guild_id: guild.id, role_id: id }
  }

  /** Members and overwrites lose it with the guild. */
  deleteRole({ guild_id, role_id }: { guild_id?: string; role_id?: string }): { guild_id: string; role_id: string } {
    const guild = this.#targets.guild(guild_id)
    const gone = role_id === undefined ? this.#role(guild) : guild.roles.find((other) => other.id === role_id)
    const { id } = found(gone, `role ${role_id}`)
    guild.roles = guild.roles.filter((other) => other.id !== id)
    for (const member of guild.members.values()) member.roles = member.roles.filter((other) => other !== id)
    for (const channel of guild.channels) channel.overwrites = channel.overwrites.filter((other) => other.id !== id)
    return { guild_id: guild.id, role_id: id }
  }

  newEmoji({ guild_id, name }: { guild_id?: string; name?: string }): { guild_id: string; emoji_id: string } {
    const guild = this.#targets.guild(guild_id)
    const id = this.#context.world.ids.next(this.#context.clock.now())
    guild.emojis.push({ id, name: name ?? `emoji_${guild.emojis.length}`, animated: false })
    return { guild_id: guild.id, emoji_id: id }
  }

  deleteEmoji({ guild_id, emoji_id }: { guild_id?: string; emoji_id?: string }): {
    guild_id: string
    emoji_id: string
  } {
    const guild = this.#targets.guild(guild_id)
    const gone = emoji_id === undefined ? guild.emojis[0] : guild.emojis.find((emoji) => emoji.id === emoji_id)
    const { id } = found(gone, `emoji ${emoji_id}`)
    guild.emojis = guild.emojis.filter((emoji) => emoji.id !== id)
    for (const { messages } of [...guild.channels, ...guild.threads])
      for (const { reactions } of messages)
        for (const { emoji } of reactions ?? []) if (emoji.id === id) emoji.name = null
    return { guild_id: guild.id, emoji_id: id }
  }

  renameUser({ user_id, name }: { user_id?: string; name?: string }): { user_id: string } {
    const user = this.#targets.user(user_id)
    user.globalName = name ?? `Renamed ${this.#context.random.below(10_000)}`
    return { user_id: user.id }
  }

  #leave(guild: Guild, user: User): void {
    guild.members.delete(user.id)
    for (const { thread } of guild.threads) thread!.members.delete(user.id)
  }

  #member({ guild_id, user_id }: MemberTarget): { guild: Guild; member: Member } {
    const guild = this.#targets.guild(guild_id)
    const user = user_id === undefined ? this.#targets.member(guild) : this.#targets.user(user_id)
    return { guild, member: found(guild.members.get(user.id), `member ${user.id} in guild ${guild.id}`) }
  }

  /** One that is no one's own. */
  #role(guild: Guild): Guild['roles'][number] {
    const free = guild.roles.filter((other) => other.id !== guild.id && !other.managed)
    return found(free[this.#context.random.below(free.length)], 'role to give')
  }
}
