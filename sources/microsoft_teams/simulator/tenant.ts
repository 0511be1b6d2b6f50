import type { Instant } from '../../../libs/connect/instant.ts'
import { hashNumbers, hashText, mix, stableGuid } from '../../../libs/simulator/random.ts'
import { DeltaLogs } from './delta_log.ts'
import { ExportList } from './export_list.ts'
import { Members } from './members.ts'
import type { Channel, MembershipType, Message, Team, User } from './model.ts'

export interface NewMessage {
  at: Instant
  /** Null: a system event. */
  author: User | null
  text: string
  root: Message | null
  /** False for a change that shows later. Default true. */
  shown?: boolean
}

/** All that the tenant holds, and the only place that keeps its lists in step. */
export class Tenant {
  readonly id: string
  readonly domain: string
  readonly seed: number
  readonly teams: Team[] = []
  readonly users: User[] = []
  /** How many of the users came with the data set. */
  #peopled = 0
  /** How `…/messages` are ordered; `shuffled` follows from a thread's version: one that changes leaves its place. */
  readonly listOrder: 'activity' | 'shuffled'
  /** Size that every text is filled up to when it is rendered; 0: as it is. */
  bodyBytes = 0
  readonly deltaLogs = new DeltaLogs()
  #usersByName = new Map<string, User>()
  #exports = new Map<Team, ExportList>()
  #channels = 0

  constructor(seed: number, id: string, listOrder: 'activity' | 'shuffled' = 'activity') {
    this.listOrder = listOrder
    this.seed = seed
    this.id = id
    this.domain = `parley${seed}.onmicrosoft.com`
  }

  user(name: string): User {
    let user = this.#usersByName.get(name)
    if (!user) {
      const id = stableGuid(`user ${name}`, this.seed)
      user = { id, displayName: name, email: `${id.slice(0, 8)}@${this.domain}` }
      this.#usersByName.set(name, user)
      this.users.push(user)
    }
    return user
  }

  /** The data set is here: whoever joins from now on is in nothing that is drawn of a message. */
  settle(): void {
    this.#peopled = this.users.length
  }

  /**
   * Somebody of the data set; undefined where it has nobody. What a message names follows from its hash by this: a
   * draw among all users would write other names into old messages when somebody joins.
   */
  person(draw: number): User | undefined {
    return this.#peopled === 0 ? undefined : this.users[draw % this.#peopled]
  }

  addTeam(displayName: string, description: string, created: Instant): Team {
    const id = stableGuid(`team ${this.teams.length} ${displayName}`, this.seed)
    const team: Team = {
      id,
      displayName,
      description,
      created,
      channels: [],
      members: new Members(),
      refused: false,
      exportRefused: false,
      gone: false,
    }
    this.teams.push(team)
    this.#exports.set(team, new ExportList())
    return team
  }

  addChannel(team: Team, displayName: string, membershipType: MembershipType, created: Instant): Channel {
    const index = this.#channels++
    const guid = stableGuid(`channel ${index} ${displayName}`, this.seed).replaceAll('-', '')
    const id = `19:${guid}@thread.tacv2`
    const channel: Channel = {
      team,
      id,
      urlId: encodeURIComponent(id),
      index,
      displayName: displayName.slice(0, 50),
      description: hashText(guid) % 3 === 0 ? null : `All about ${displayName}`,
      membershipType,
      created,
      byId: new Map(),
      all: [],
      threads: null,
      members: new Members(),
      refused: false,
    }
    team.channels.push(channel)
    return channel
  }

  /** Ids are milliseconds: a second message of the same moment in a channel is stamped one later. */
  addMessage(channel: Channel, message: NewMessage): Message {
    let id = message.at
    while (channel.byId.has(id)) id++
    const added: Message = {
      channel,
      id,
      root: message.root,
      replies: null,
      author: message.author,
      text: message.text,
      modified: id,
      edited: 0,
      deleted: 0,
      reactions: null,
      hash: mix(hashNumbers(id, channel.index) ^ this.seed),
      shown: false,
      activity: id,
      order: 0,
    }
    channel.byId.set(id, added)
    channel.all.push(added)
    if (message.shown ?? true) this.show(added)
    return added
  }

  /** The message appears in every list. */
  show(message: Message): void {
    if (message.shown) return
    message.shown = true
    const { channel, root } = message
    channel.threads = null
    if (root) {
      root.replies ??= []
      insertById(root.replies, message)
      root.activity = Math.max(root.activity, message.id)
    }
    if (message.author) {
      channel.members.wrote(message.author)
      channel.team.members.wrote(message.author)
    }
    message.order = this.#orderOf(message)
    if (channel.membershipType !== 'shared') this.exportOf(channel.team).add(message)
    this.deltaLogs.touch(message)
  }

  /** Changes a message; one that is shown takes its new place in the export. */
  change(message: Message, apply: () => void): void {
    const listed = message.shown && message.channel.membershipType !== 'shared'
    const list = this.exportOf(message.channel.team)
    if (listed) list.remove(message)
    apply()
    message.order = this.#orderOf(message)
    if (listed) list.add(message)
    if (message.shown) this.deltaLogs.touch(message)
  }

  removeChannel(channel: Channel): void {
    channel.team.channels = channel.team.channels.filter((other) => other !== channel)
    this.exportOf(channel.team).removeChannel(channel)
  }

  exportOf(team: Team): ExportList {
    return this.#exports.get(team)!
  }

  team(id: string): Team | undefined {
    const lower = id.toLowerCase()
    return this.teams.find((team) => team.id === lower && !team.gone)
  }

  /** Shown roots in the order of the list. */
  threads(channel: Channel): Message[] {
    if (channel.threads) return channel.threads
    const roots = channel.all.filter((message) => message.shown && !message.root)
    if (this.listOrder === 'activity') roots.sort((a, b) => b.activity - a.activity || b.id - a.id)
    else {
      const places = new Map(roots.map((root) => [root, mix(hashNumbers(root.id, root.activity) ^ this.seed)]))
      roots.sort((a, b) => places.get(a)! - places.get(b)! || a.id - b.id)
    }
    channel.threads = roots
    return roots
  }

  // The order follows from the version, not only from the key: a changed row leaves its place.
  #orderOf(message: Message): number {
    return mix(hashNumbers(message.id, message.modified) ^ mix(message.channel.index + this.seed))
  }
}

function insertById(list: Message[], message: Message): void {
  let at = list.length
  while (at > 0 && list[at - 1]!.id > message.id) at--
  list.splice(at, 0, message)
}
