import type { Change } from './plan_types.ts'
import type { World } from './world.ts'

const PEOPLE = [
  'member_join',
  'member_leave',
  'member_nick',
  'member_role',
  'rename_user',
  'new_role',
  'new_emoji',
] as const

/** Does to the servers what the change says; answers whether there was anything to do it to. */
export function applyChange(world: World, change: Change): boolean {
  // Two changes are never of one moment: else nobody could tell which is later.
  world.clock.advance(1)
  const isDone = tried(() => apply(world, change))
  world.chronicle.note()
  return isDone
}

/** What small servers have nothing for is left out. */
function tried(act: () => boolean): boolean {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return false
  }
}

function apply(world: World, change: Change): boolean {
  const { mutate } = world.simulator
  switch (change.kind) {
    case 'messages':
      return times(world, change.count, () => mutate.random())
    case 'people':
      return times(world, change.count, () => mutate.random({ among: PEOPLE }))
    case 'new_guild':
      mutate.newGuild()
      return true
    case 'invite_bot':
      return world.inviteBot()
    case 'allow_all':
      world.allowAll()
      return true
    case 'message_content':
      mutate.messageContent(change.on)
      return true
    case 'guild_members':
      mutate.guildMembers(change.on)
      return true
    case 'rotate_token':
      world.rotateToken(change.late)
      return true
    default:
      return applyToPlace(world, change)
  }
}

type Placed = Exclude<
  Change,
  {
    kind:
      | 'messages'
      | 'people'
      | 'new_guild'
      | 'invite_bot'
      | 'allow_all'
      | 'message_content'
      | 'guild_members'
      | 'rotate_token'
  }
>

function applyToPlace(world: World, change: Placed): boolean {
  if ('guild' in change) return applyToGuild(world, change)
  if ('channel' in change) return applyToChannel(world, change)
  if ('thread' in change) return applyToThread(world, change)
  const { mutate, truth } = world.simulator
  const places = [...truth.channels(), ...truth.threads()]
  const { id: channel_id } = nth(places, change.place)
  if (change.kind === 'bulk_delete') mutate.bulkDelete({ channel_id, count: change.count })
  if (change.kind === 'super_reaction') mutate.addReaction({ channel_id, burst: true })
  if (change.kind === 'edit_oldest' || change.kind === 'delete_oldest') {
    const { id } = nth([...truth.messages({ channel_id })], 0)
    if (change.kind === 'edit_oldest') mutate.edit({ channel_id, id })
    else mutate.delete({ channel_id, id })
  }
  return true
}

function applyToGuild(world: World, change: Extract<Placed, { guild: number }>): boolean {
  const { mutate, truth, botId } = world.simulator
  const guilds = [...truth.guilds()]
  const { id: guild_id } = nth(guilds, change.guild)
  switch (change.kind) {
    case 'delete_guild':
      // One stays: changes need a place.
      if (guilds.length < 2 || isNamed(world, guild_id)) return false
      mutate.deleteGuild({ guild_id })
      return true
    case 'kick_bot':
      mutate.kickBot({ guild_id })
      return true
    case 'time_out':
      mutate.memberTimeout({ guild_id, user_id: botId, ms: change.ms })
      return true
    case 'delete_role':
      mutate.deleteRole({ guild_id })
      return true
    case 'delete_emoji':
      mutate.deleteEmoji({ guild_id })
      return true
    case 'new_channel':
      mutate.newChannel({ guild_id, type: change.type })
      return true
  }
}

/** An option names the guild, or a channel in it. */
function isNamed({ narrowed, simulator }: World, guild_id: string): boolean {
  const inIt = [...simulator.truth.channels({ guild_id })].map(({ id }) => id)
  const named = Object.values(narrowed).flat()
  return [guild_id, ...inIt].some((id) => named.includes(id))
}

function applyToChannel(world: World, change: Extract<Placed, { channel: number }>): boolean {
  const { mutate, truth } = world.simulator
  const { id: channel_id } = nth([...truth.channels()], change.channel)
  switch (change.kind) {
    case 'delete_channel':
      if (world.narrowed.channel_id?.includes(channel_id)) return false
      mutate.deleteChannel({ channel_id })
      return true
    case 'rename_channel':
      mutate.renameChannel({ channel_id })
      return true
    case 'hide_channel':
      mutate.hideChannel({ channel_id })
      return true
    case 'show_channel':
      mutate.showChannel({ channel_id })
      return true
    case 'deny_history':
      mutate.denyHistory({ channel_id })
      return true
    case 'allow_history':
      mutate.allowHistory({ channel_id })
      return true
    case 'deny':
    case 'allow':
      mutate[change.kind]({ channel_id, permission: change.permission })
      return true
    case 'new_thread': {
      const { private: isPrivate, joined, fromMessage } = change
      mutate.newThread({ channel_id, private: isPrivate, joined, ...(fromMessage ? { message_id: true } : {}) })
      return true
    }
  }
}

function applyToThread(world: World, change: Extract<Placed, { thread: number }>): boolean {
  const { mutate, truth } = world.simulator
  const { id: channel_id } = nth([...truth.threads()], change.thread)
  switch (change.kind) {
    case 'archive':
      mutate.archive({ channel_id })
      return true
    case 'unarchive':
      mutate.unarchive({ channel_id })
      return true
    case 'lock':
      mutate.lock({ channel_id })
      return true
    case 'unlock':
      mutate.unlock({ channel_id })
      return true
    case 'delete_thread':
      mutate.deleteThread({ channel_id })
      return true
    case 'join_thread':
      mutate.joinThread({ channel_id })
      return true
    case 'leave_thread':
      mutate.leaveThread({ channel_id })
      return true
  }
}

/** @throws TypeError where there is none */
function nth<T>(things: readonly T[], number: number): T {
  const thing = things[number % Math.max(1, things.length)]
  if (thing === undefined) throw new TypeError('There is nothing of the kind.')
  return thing
}

/** Each at a moment of its own. */
function times(world: World, count: number, act: () => unknown): boolean {
  let done = 0
  for (let n = 0; n < count; n++) {
    world.clock.advance(1)
    if (tried(() => act() !== undefined)) done++
  }
  return done > 0
}
