import { type ConversationRow, readConversations } from '../../../../libs/simulator/conversations.ts'
import { CHANNEL, MESSAGE } from '../codes.ts'
import type { Channel, Guild, Message, User } from '../model.ts'
import { DISCORD_EPOCH } from '../snowflake.ts'
import type { World } from '../world.ts'
import { addMember, furnishGuild } from './people.ts'
import { seasonMessage } from './seasoning.ts'

const DAY = 86_400_000

/** Ten years and some weeks, in whole days: what a conversation from before Discord is moved by. */
const MOVED = 3731 * DAY

/** Ids of the first weeks have fewer than 17 digits, which real clients do not take for ids. */
const EARLIEST = DISCORD_EPOCH + 31 * DAY

const PER_CATEGORY = 50

/** Channels and categories of a guild (reference §5): 490 channels with their ten categories. */
const PER_GUILD = 490

export interface ConversationsDataset {
  ndjson: string
  /** Default 5. */
  guilds?: number
  /** Rows at most; default all. */
  limit?: number
  /** Conversations at most; default all. */
  conversations?: number
}

/**
 * Conversations become text channels, dealt to the guilds in turn and put into categories; guilds are added where a
 * channel finds no room. Authors are members of their guild, some of whom have left. A reply points to its message of
 * the same channel; a system line becomes a join, or else a message of an unknown type. A conversation that began
 * before Discord had ids is moved by 3,731 days, so that 2004 becomes 2015 and nothing passes 2025.
 */
export async function loadConversations(world: World, bot: User, dataset: ConversationsDataset): Promise<void> {
  const loader = new Loader(world, bot, dataset.guilds ?? 5)
  let rows = 0
  let count = 0
  let conversation: string | undefined
  for await (const row of readConversations(dataset.ndjson)) {
    if (rows++ === (dataset.limit ?? Number.POSITIVE_INFINITY)) break
    if (row.conversation !== conversation) {
      if (count === (dataset.conversations ?? Number.POSITIVE_INFINITY)) break
      loader.begin(row, count++)
      conversation = row.conversation
    }
    loader.add(row)
  }
}

class Loader {
  #world: World
  #bot: User
  #wanted: number
  #guilds: Guild[] = []
  #channel!: Channel
  #moved = 0
  #bySeq: Message[] = []

  constructor(world: World, bot: User, guilds: number) {
    this.#world = world
    this.#bot = bot
    this.#wanted = guilds
  }

  begin(row: ConversationRow, index: number): void {
    this.#moved = row.sent_at < EARLIEST ? MOVED : 0
    this.#bySeq = []
    const at = row.sent_at + this.#moved - DAY
    if (this.#guilds.length < this.#wanted) this.#addGuild(at)
    let guild = this.#guilds[index % this.#wanted]!
    if (guild.channels.length + 1 >= PER_GUILD) guild = this.#addGuild(at)
    const parent = this.#category(guild, at)
    this.#channel = this.#world.addChannel(guild, { type: CHANNEL.TEXT, name: row.conversation, at, parent })
  }

  add(row: ConversationRow): void {
    const system = row.kind === 'system'
    const author = this.#author(row)
    const answered = row.reply_to === null ? undefined : this.#bySeq[row.reply_to]
    const joined = system && /has joined/.test(row.text)
    const type = system ? (joined ? MESSAGE.USER_JOIN : UNKNOWN_TYPE) : answered ? MESSAGE.REPLY : MESSAGE.DEFAULT
    const message = this.#world.addMessage(this.#channel, {
      at: row.sent_at + this.#moved,
      author,
      content: joined ? '' : row.text,
      type,
      reference: answered ? replyTo(answered) : null,
    })
    this.#bySeq[row.seq] = message
    if (!system) seasonMessage(this.#world, message, Number.POSITIVE_INFINITY)
  }

  /** System lines name nobody: who joined stands in their text. */
  #author(row: ConversationRow): User {
    const name = row.author ?? row.text.split(/\s/, 1)[0]!
    const user = this.#world.user(name)
    const { guild } = this.#channel
    if (user.hash % 9 !== 0 && !guild.members.has(user.id))
      addMember(guild, user, row.sent_at + this.#moved - (user.hash % DAY), [])
    return user
  }

  #addGuild(at: number): Guild {
    const number = this.#guilds.length + 1
    const owner = this.#world.user(`Host ${number}`)
    const guild = this.#world.addGuild(`Help desk ${number}`, at - DAY, owner)
    furnishGuild(this.#world, guild, this.#bot, at - DAY)
    addMember(guild, owner, at - DAY)
    this.#guilds.push(guild)
    return guild
  }

  #category(guild: Guild, at: number): Channel {
    const last = guild.channels.findLast((channel) => channel.type === CHANNEL.CATEGORY)
    if (last && guild.channels.filter((channel) => channel.parent === last).length < PER_CATEGORY) return last
    return this.#world.addChannel(guild, { type: CHANNEL.CATEGORY, name: `Archive ${guild.channels.length}`, at })
  }
}

/** No type that is documented: such messages must be kept all the same. */
export const UNKNOWN_TYPE = 63

export function replyTo(message: Message): NonNullable<Message['reference']> {
  const { place, id } = message
  return { type: 0, guildId: place.guild.id, channelId: place.id, messageId: id, resolved: true }
}
