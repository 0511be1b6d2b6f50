import type { JsonObject } from '../../../../libs/connect/json.ts'
import { hashText } from '../../../../libs/simulator/random.ts'
import type { Context } from '../context.ts'
import type { MessageMutation, Mutate, Mutation, RandomOptions } from '../mutation_types.ts'
import { ChannelChanges } from './channel_changes.ts'
import { GuildChanges } from './guild_changes.ts'
import { MessageChanges } from './message_changes.ts'
import { ReactionChanges } from './reaction_changes.ts'
import { ThreadChanges } from './thread_changes.ts'

const RANDOM_CHANGES: readonly MessageMutation[] = [
  'send',
  'reply',
  'edit',
  'unfurl',
  'delete',
  'pin',
  'unpin',
  'add_reaction',
  'remove_reaction',
  'swap_reaction',
  'new_thread',
  'archive',
  'unarchive',
]

const ATTEMPTS = 8

/** Every way to change the world while it is read. */
export class Mutations implements Mutate {
  #context: Context
  #messages: MessageChanges
  #reactions: ReactionChanges
  #channels: ChannelChanges
  #threads: ThreadChanges
  #guilds: GuildChanges

  constructor(context: Context) {
    this.#context = context
    this.#messages = new MessageChanges(context)
    this.#reactions = new ReactionChanges(context)
    this.#channels = new ChannelChanges(context)
    this.#threads = new ThreadChanges(context)
    this.#guilds = new GuildChanges(context)
  }

  send: Mutate['send'] = (target) => this.#messages.send(target)
  reply: Mutate['reply'] = (target) => this.#messages.reply(target)
  edit: Mutate['edit'] = (target) => this.#messages.edit(target)
  unfurl: Mutate['unfurl'] = (target) => this.#messages.unfurl(target)
  delete: Mutate['delete'] = (target) => this.#messages.delete(target)
  bulkDelete: Mutate['bulkDelete'] = (target) => this.#messages.bulkDelete(target)
  pin: Mutate['pin'] = (target) => this.#messages.pin(target)
  unpin: Mutate['unpin'] = (target) => this.#messages.unpin(target)
  addReaction: Mutate['addReaction'] = (target = {}) => this.#reactions.add(target)
  removeReaction: Mutate['removeReaction'] = (target = {}) => this.#reactions.remove(target)
  swapReaction: Mutate['swapReaction'] = (target = {}) => this.#reactions.swap(target)
  newChannel: Mutate['newChannel'] = (target = {}) => this.#channels.create(target)
  deleteChannel: Mutate['deleteChannel'] = (target = {}) => this.#channels.remove(target)
  renameChannel: Mutate['renameChannel'] = (target = {}) => this.#channels.rename(target)
  hideChannel: Mutate['hideChannel'] = (target) => this.#channels.deny({ ...target, permission: 'VIEW_CHANNEL' })
  showChannel: Mutate['showChannel'] = (target) => this.#channels.allow({ ...target, permission: 'VIEW_CHANNEL' })
  denyHistory: Mutate['denyHistory'] = (target) =>
    this.#channels.deny({ ...target, permission: 'READ_MESSAGE_HISTORY' })
  allowHistory: Mutate['allowHistory'] = (target) =>
    this.#channels.allow({ ...target, permission: 'READ_MESSAGE_HISTORY' })
  deny: Mutate['deny'] = (target) => this.#channels.deny(target)
  allow: Mutate['allow'] = (target) => this.#channels.allow(target)
  newThread: Mutate['newThread'] = (target = {}) => this.#threads.create(target)
  archive: Mutate['archive'] = (target = {}) => this.#threads.archive(target)
  unarchive: Mutate['unarchive'] = (target = {}) => this.#threads.unarchive(target)
  lock: Mutate['lock'] = (target = {}) => this.#threads.lock(target)
  unlock: Mutate['unlock'] = (target = {}) => this.#threads.unlock(target)
  deleteThread: Mutate['deleteThread'] = (target = {}) => this.#threads.remove(target)
  joinThread: Mutate['joinThread'] = (target = {}) => this.#threads.join(target)
  leaveThread: Mutate['leaveThread'] = (target = {}) => this.#threads.leave(target)
  newGuild: Mutate['newGuild'] = (target) => this.#guilds.create(target?.name)
  deleteGuild: Mutate['deleteGuild'] = (target) => this.#guilds.remove(target?.guild_id)
  kickBot: Mutate['kickBot'] = (target) => this.#guilds.kickBot(target?.guild_id)
  inviteBot: Mutate['inviteBot'] = (target) => this.#guilds.inviteBot(target?.guild_id)
  memberJoin: Mutate['memberJoin'] = (target = {}) => this.#guilds.memberJoin(target)
  memberLeave: Mutate['memberLeave'] = (target = {}) => this.#guilds.memberLeave(target)
  memberNick: Mutate['memberNick'] = (target = {}) => this.#guilds.memberNick(target)
  memberRole: Mutate['memberRole'] = (target = {}) => this.#guilds.memberRole(target)
  memberTimeout: Mutate['memberTimeout'] = (target = {}) => this.#guilds.memberTimeout(target)
  newRole: Mutate['newRole'] = (target = {}) => this.#guilds.newRole(target)
  deleteRole: Mutate['deleteRole'] = (target = {}) => this.#guilds.deleteRole(target)
  newEmoji: Mutate['newEmoji'] = (target = {}) => this.#guilds.newEmoji(target)
  deleteEmoji: Mutate['deleteEmoji'] = (target = {}) => this.#guilds.deleteEmoji(target)
  renameUser: Mutate['renameUser'] = (target = {}) => this.#guilds.renameUser(target)

  messageContent(on: boolean): void {
    this.#context.access.messageContent = on
  }

  guildMembers(on: boolean): void {
    this.#context.access.guildMembers = on
  }

  rotateToken(token?: string): string {
    const { access } = this.#context
    access.token = token ?? `${access.token.split('.', 1)[0]}.${hashText(access.token).toString(36)}.rotated`
    return access.token
  }

  /** A kind that nothing fits is drawn again: not every channel has pins or reactions. */
  random(options: RandomOptions = {}): JsonObject {
    const { among = RANDOM_CHANGES, ...target } = options
    for (let attempt = 1; ; attempt++) {
      const kind = this.#context.random.pick(among)
      try {
        return this.apply({ kind, ...target })
      } catch (error) {
        if (!(error instanceof TypeError) || attempt === ATTEMPTS) throw error
      }
    }
  }

  /** @throws TypeError for a kind that is none */
  apply({ kind, ...target }: Mutation): JsonObject {
    const change = ACTS[kind]
    if (!change) throw new TypeError(`There is no change called ${String(kind)}.`)
    return { kind, ...change(this, target as never) }
  }
}

type Act = (mutate: Mutations, target: never) => object

const act =
  <T>(change: (mutate: Mutations, target: T) => object): Act =>
  (mutate, target) =>
    change(mutate, target)

/** JSON names of the changes. */
const ACTS: Readonly<Record<Mutation['kind'], Act>> = {
  send: act((mutate, target: object) => mutate.send(target)),
  reply: act((mutate, target: object) => mutate.reply(target)),
  edit: act((mutate, target: object) => mutate.edit(target)),
  unfurl: act((mutate, target: object) => mutate.unfurl(target)),
  delete: act((mutate, target: object) => mutate.delete(target)),
  bulk_delete: act((mutate, target: object) => mutate.bulkDelete(target)),
  pin: act((mutate, target: object) => mutate.pin(target)),
  unpin: act((mutate, target: object) => mutate.unpin(target)),
  add_reaction: act((mutate, target: object) => mutate.addReaction(target)),
  remove_reaction: act((mutate, target: object) => mutate.removeReaction(target)),
  swap_reaction: act((mutate, target: object) => mutate.swapReaction(target)),
  new_channel: act((mutate, target: object) => mutate.newChannel(target)),
  delete_channel: act((mutate, target: object) => mutate.deleteChannel(target)),
  rename_channel: act((mutate, target: object) => mutate.renameChannel(target)),
  hide_channel: act((mutate, target: object) => mutate.hideChannel(target)),
  show_channel: act((mutate, target: object) => mutate.showChannel(target)),
  deny_history: act((mutate, target: object) => mutate.denyHistory(target)),
  allow_history: act((mutate, target: object) => mutate.allowHistory(target)),
  deny: act((mutate, target: Parameters<Mutate['deny']>[0]) => mutate.deny(target)),
  allow: act((mutate, target: Parameters<Mutate['allow']>[0]) => mutate.allow(target)),
  new_thread: act((mutate, target: object) => mutate.newThread(target)),
  archive: act((mutate, target: object) => mutate.archive(target)),
  unarchive: act((mutate, target: object) => mutate.unarchive(target)),
  lock: act((mutate, target: object) => mutate.lock(target)),
  unlock: act((mutate, target: object) => mutate.unlock(target)),
  delete_thread: act((mutate, target: object) => mutate.deleteThread(target)),
  join_thread: act((mutate, target: object) => mutate.joinThread(target)),
  leave_thread: act((mutate, target: object) => mutate.leaveThread(target)),
  new_guild: act((mutate, target: object) => mutate.newGuild(target)),
  delete_guild: act((mutate, target: object) => mutate.deleteGuild(target)),
  kick_bot: act((mutate, target: object) => mutate.kickBot(target)),
  invite_bot: act((mutate, target: object) => mutate.inviteBot(target)),
  member_join: act((mutate, target: object) => mutate.memberJoin(target)),
  member_leave: act((mutate, target: object) => mutate.memberLeave(target)),
  member_nick: act((mutate, target: object) => mutate.memberNick(target)),
  member_role: act((mutate, target: object) => mutate.memberRole(target)),
  member_timeout: act((mutate, target: object) => mutate.memberTimeout(target)),
  new_role: act((mutate, target: object) => mutate.newRole(target)),
  delete_role: act((mutate, target: object) => mutate.deleteRole(target)),
  new_emoji: act((mutate, target: object) => mutate.newEmoji(target)),
  delete_emoji: act((mutate, target: object) => mutate.deleteEmoji(target)),
  rename_user: act((mutate, target: object) => mutate.renameUser(target)),
  message_content: act((mutate, { on }: { on: boolean }) => done(() => mutate.messageContent(on))),
  guild_members: act((mutate, { on }: { on: boolean }) => done(() => mutate.guildMembers(on))),
  rotate_token: act((mutate, { token }: { token?: string }) => ({ bot_token: mutate.rotateToken(token) })),
  random: act((mutate, target: RandomOptions) => mutate.random(target)),
}

function done(change: () => void): object {
  change()
  return {}
}
