import { fileURLToPath } from 'node:url'
import type { Instant } from '../../../../libs/connect/instant.ts'
import { readLines } from '../../../../libs/simulator/read_lines.ts'
import { isThread } from '../channel_kinds.ts'
import { CHANNEL, MESSAGE } from '../codes.ts'
import type { Channel, Guild, Message, User } from '../model.ts'
import { startThread } from '../thread_making.ts'
import type { World } from '../world.ts'
import { addForum, onlyFor } from './build_channels.ts'
import { replyTo } from './conversations_dataset.ts'
import { addPeople, furnishGuild } from './people.ts'
import { seasonMessage } from './seasoning.ts'
import { addShowcase } from './showcase.ts'

/** A line of `data/sample_guild.ndjson`. `minutes` counts back from the simulator's start; `reply_to` is a line's `n`. */
interface SampleRow {
  n: number
  channel: string
  /** Name of a thread in the channel: from the line `from`, else without a message; in forums a post. */
  thread?: string
  from?: number
  private?: boolean
  minutes: number
  author: string
  text: string
  reply_to?: number
}

const SAMPLE = fileURLToPath(new URL('../data/sample_guild.ndjson', import.meta.url))

const DAY = 86_400_000

/** No change of the sample is younger: a reader that leaves the last minute for its next run reads everything. */
const SETTLED_MS = 120_000

/** Threads that went to sleep. */
const ARCHIVED = new Set(['Rudder repair', 'Prize money', 'Which rope for the jib?'])

/** The invented guild that ships with Parley: a sailing club over some weeks, ending two minutes before `now`. */
export async function loadSample(world: World, bot: User, now: Instant): Promise<void> {
  const rows: SampleRow[] = []
  for await (const line of readLines(SAMPLE)) rows.push(JSON.parse(line.text) as SampleRow)
  const people = [...new Set(rows.map((row) => row.author))].map((name) => world.user(name))
  const end = Math.floor((now - SETTLED_MS) / 60_000) * 60_000
  const founded = end - 60 * DAY
  const guild = world.addGuild('Harbour Sailing Club', founded, people[0]!)
  furnishGuild(world, guild, bot, founded)
  addPeople(guild, people, founded + DAY)
  const sample = new Sample(world, bot, openChannels(world, guild, founded), end)
  for (const row of rows) sample.add(row)
  sample.archive(guild)
  addShowcase(world, guild, people, bot, end)
}

function openChannels(world: World, guild: Guild, at: Instant): Map<string, Channel> {
  const club = world.addChannel(guild, { type: CHANNEL.CATEGORY, name: 'Club', at })
  const boats = world.addChannel(guild, { type: CHANNEL.CATEGORY, name: 'Boats', at })
  const channels = [
    world.addChannel(guild, { type: CHANNEL.TEXT, name: 'general', at, parent: club, topic: 'Everything afloat' }),
    world.addChannel(guild, { type: CHANNEL.ANNOUNCEMENT, name: 'announcements', at, parent: club }),
    world.addChannel(guild, { type: CHANNEL.TEXT, name: 'committee', at, parent: club }),
    world.addChannel(guild, { type: CHANNEL.VOICE, name: 'Clubhouse', at, parent: club }),
    world.addChannel(guild, { type: CHANNEL.STAGE, name: 'Race briefing', at, parent: club }),
    world.addChannel(guild, { type: CHANNEL.TEXT, name: 'workshop', at, parent: boats }),
    addForum(world, guild, { type: CHANNEL.FORUM, name: 'questions', at, parent: boats }),
    addForum(world, guild, { type: CHANNEL.MEDIA, name: 'photos', at, parent: boats }),
    world.addChannel(guild, { type: CHANNEL.TEXT, name: 'empty', at }),
  ]
  onlyFor(guild, channels[2]!)
  return new Map(channels.map((channel) => [channel.name, channel]))
}

class Sample {
  #world: World
  #bot: User
  #channels: Map<string, Channel>
  #end: Instant
  #messages = new Map<number, Message>()
  #threads = new Map<string, Channel>()

  constructor(world: World, bot: User, channels: Map<string, Channel>, end: Instant) {
    this.#world = world
    this.#bot = bot
    this.#channels = channels
    this.#end = end
  }

  add(row: SampleRow): void {
    const at = this.#timeOf(row)
    const author = this.#world.user(row.author)
    const started = row.thread !== undefined && !this.#threads.has(row.thread)
    const place = row.thread === undefined ? this.#channels.get(row.channel)! : this.#thread(row, at, author)
    const post = started && place.messages[0]?.id === place.id ? place.messages[0] : undefined
    const answered = row.reply_to === undefined ? undefined : this.#messages.get(row.reply_to)
    const message =
      post ??
      this.#world.addMessage(place, {
        at,
        author,
        content: row.text,
        type: answered ? MESSAGE.REPLY : MESSAGE.DEFAULT,
        reference: answered ? replyTo(answered) : null,
      })
    place.thread?.members.set(author.id, at * 1000)
    seasonMessage(this.#world, message, this.#end)
    this.#messages.set(row.n, message)
  }

  /** Not all on the full minute: the line's number gives the milliseconds, and every tenth stays on the border. */
  #timeOf({ n, minutes }: SampleRow): Instant {
    const at = this.#end - minutes * 60_000
    return n % 10 === 0 ? at : Math.min(this.#end, at + ((n * 7919) % 60_000))
  }

  #thread(row: SampleRow, at: Instant, owner: User): Channel {
    const name = row.thread!
    const from = row.from === undefined ? undefined : this.#messages.get(row.from)
    const thread =
      this.#threads.get(name) ??
      startThread(this.#world, this.#channels.get(row.channel)!, {
        name,
        owner,
        at,
        private: row.private ?? false,
        content: row.text,
        ...(from ? { from } : {}),
      })
    this.#threads.set(name, thread)
    return thread
  }

  /** The bot was asked into one of the private threads. */
  archive(guild: Guild): void {
    for (const thread of guild.threads.filter(isThread)) {
      const last = thread.messages.at(-1)!
      const { thread: state } = thread
      if (thread.type === CHANNEL.PRIVATE_THREAD && !ARCHIVED.has(thread.name))
        state.members.set(this.#bot.id, last.at * 1000)
      const at = Math.min(this.#end, last.at + DAY)
      if (ARCHIVED.has(thread.name)) this.#world.setArchived(thread, true, at * 1000 + 251)
    }
  }
}
