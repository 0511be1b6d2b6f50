import type { Instant } from '../../../../libs/connect/instant.ts'
import { type Random, seededRandom } from '../../../../libs/simulator/random.ts'
import { parentsThreads } from '../channel_kinds.ts'
import { CHANNEL, MESSAGE } from '../codes.ts'
import type { Channel, Guild, Message, User } from '../model.ts'
import { startThread } from '../thread_making.ts'
import type { GeneratedSize } from '../types.ts'
import type { World } from '../world.ts'
import { buildChannels } from './build_channels.ts'
import { replyTo } from './conversations_dataset.ts'
import { addPeople, furnishGuild } from './people.ts'
import { type SeasoningShares, seasonMessage } from './seasoning.ts'
import { addShowcase } from './showcase.ts'
import { sentence } from './words.ts'

const DAY = 86_400_000
const SWEEP = 10 * DAY

/** Flag of a post that its forum shows first. */
const PINNED_POST = 1 << 1

/** How long before `now` the last change lies: a reader that leaves the last minute for its next run reads everything. */
const SETTLED_MS = 120_000

interface Filling {
  world: World
  bot: User
  random: Random
  people: readonly User[]
  start: Instant
  end: Instant
  shares: SeasoningShares
}

/** Invented text of any size, seeded; ends two minutes before `now`. About a fifth of the messages are replies. */
export function loadGenerated(world: World, bot: User, size: GeneratedSize, now: Instant): void {
  const end = now - SETTLED_MS
  const start = end - (size.days ?? 90) * DAY
  const members = size.members ?? 60
  const shares = { reactions: size.reactionsShare ?? 0.1, attachments: size.attachmentsShare ?? 0.06 }
  for (let index = 0; index < size.guilds; index++) {
    // Half of the people of a guild are in the next one too.
    const first = Math.floor((index * members) / 2)
    const people = Array.from({ length: members }, (_, at) => world.user(`Member ${first + at + 1}`))
    const guild = world.addGuild(`Guild ${index + 1}`, start - 2 * DAY, people[0] ?? bot)
    furnishGuild(world, guild, bot, start - 2 * DAY)
    addPeople(guild, people, start - DAY)
    buildChannels(world, guild, { channels: size.channelsPerGuild, forums: size.forums ?? 2, at: start - DAY })
    const random = seededRandom(world.seed + index)
    fillGuild({ world, bot, random, people: people.length > 0 ? people : [bot], start, end, shares }, guild, size)
    addShowcase(world, guild, people.length > 0 ? people : [bot], bot, end)
  }
}

function fillGuild(filling: Filling, guild: Guild, size: GeneratedSize): void {
  for (const channel of [...guild.channels]) {
    if (channel.type === CHANNEL.CATEGORY) continue
    const messages =
      parentsThreads(channel) && channel.type > CHANNEL.STAGE ? [] : fill(filling, channel, size.messagesPerChannel)
    if (parentsThreads(channel)) addThreads(filling, channel, messages, size)
  }
}

function fill(filling: Filling, channel: Channel, count: number): Message[] {
  const { world, random, people, start, end, shares } = filling
  const messages: Message[] = []
  for (let index = 0; index < count; index++) {
    const at = onBorder(start + Math.floor(((index + random.next()) / count) * (end - start)), random)
    const answered = messages.length > 0 && random.next() < 0.2 ? pickRecent(messages, random) : undefined
    const message = world.addMessage(channel, {
      at,
      author: random.pick(people),
      content: sentence(random),
      type: answered ? MESSAGE.REPLY : MESSAGE.DEFAULT,
      reference: answered ? replyTo(answered) : null,
    })
    if (answered) message.extras = { mentions: [answered.author] }
    seasonMessage(world, message, end, people, shares)
    messages.push(message)
  }
  return messages
}

/** In turn: from a message, without one, private and joined by the bot, private without it. The last ones are active. */
function addThreads(filling: Filling, parent: Channel, messages: readonly Message[], size: GeneratedSize): void {
  const { world, bot, random, people, start, end } = filling
  const count = size.threadsPerChannel ?? 3
  const archived = Math.round(count * (size.archivedShare ?? 0.5))
  for (let index = 0; index < count; index++) {
    const from =
      index % 4 === 0 && messages.length > 0 ? messages[Math.floor((index / count) * messages.length)] : undefined
    const isPrivate = parent.type === CHANNEL.TEXT && index % 4 >= 2
    const at =
      from && !(from.flags & 32) ? from.at + 1000 : start + Math.floor((index / count) * (end - start - DAY)) + 500
    const thread = startThread(world, parent, {
      name: `Topic ${index + 1} of ${parent.name}`,
      owner: random.pick(people),
      at: Math.min(at, end - 3_600_000),
      private: isPrivate,
      content: sentence(random),
      ...(from && !(from.flags & 32) ? { from } : {}),
    })
    if (index % 4 === 2 && isPrivate) thread.thread.members.set(bot.id, (thread.messages[0]?.at ?? at) * 1000)
    const last = fillThread(filling, thread, at, size.messagesPerThread ?? 6)
    if (index === count - 1 && parent.type === CHANNEL.FORUM) thread.thread.flags |= PINNED_POST
    if (index < archived) archive(filling, thread, last + 3_600_000, index)
  }
}

function fillThread(
  { world, random, people, end, shares }: Filling,
  thread: Channel,
  from: Instant,
  count: number,
): Instant {
  let at = from
  for (let index = 0; index < count; index++) {
    at = Math.min(end, at + 1 + random.below(600_000))
    const author = random.pick(people)
    const message = world.addMessage(thread, { at, author, content: sentence(random) })
    thread.thread!.members.set(author.id, thread.thread!.members.get(author.id) ?? at * 1000 + 77)
    seasonMessage(world, message, end, people, shares)
  }
  return at
}

/** Two of three were archived in a sweep every ten days, together with others: ties of archive_timestamp. */
function archive({ world, end }: Filling, thread: ReturnType<typeof startThread>, at: Instant, index: number): void {
  const sweep = Math.min(Math.ceil(at / SWEEP) * SWEEP, Math.floor(end / 1000) * 1000)
  world.setArchived(thread, true, index % 3 !== 2 ? sweep * 1000 : Math.min(at, end) * 1000 + 513)
  if (index % 5 === 4) thread.thread.locked = true
}

/** Mostly one of the last messages, now and then an old one. */
function pickRecent(messages: readonly Message[], random: Random): Message {
  const back = random.next() < 0.9 ? random.below(Math.min(10, messages.length)) : random.below(messages.length)
  return messages[messages.length - 1 - back]!
}

/** Every tenth stamp lies exactly on, or one millisecond beside, a second, an hour or a day: where windows begin. */
function onBorder(at: Instant, random: Random): Instant {
  if (random.next() >= 0.1) return at
  const border = random.pick([1000, 60_000, 3_600_000, DAY])
  return Math.floor(at / border) * border + random.pick([-1, 0, 0, 1])
}
