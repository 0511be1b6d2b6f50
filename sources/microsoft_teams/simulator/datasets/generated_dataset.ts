import type { Instant } from '../../../../libs/connect/instant.ts'
import { type Random, seededRandom } from '../../../../libs/simulator/random.ts'
import type { Channel, Message, User } from '../model.ts'
import { seasonMessage } from '../seasoning.ts'
import type { NewMessage, Tenant } from '../tenant.ts'
import type { GeneratedSize } from '../types.ts'
import { sentence } from './words.ts'

/** How long before `now` the last change lies: a reader that leaves the last minute for its next run reads everything. */
const SETTLED_MS = 120_000

/** Invented text of any size, seeded; ends two minutes before `now`. About a third of the messages are replies. */
export function loadGenerated(tenant: Tenant, size: GeneratedSize, now: Instant): void {
  const random = seededRandom(tenant.seed)
  const people = Array.from({ length: 40 }, (_, index) => tenant.user(`Member ${index + 1}`))
  const span = (size.days ?? 90) * 86_400_000
  const start = now - span
  tenant.bodyBytes = size.bodyBytes ?? 0
  for (let t = 0; t < size.teams; t++) {
    const team = tenant.addTeam(`Team ${t + 1}`, `The people of team ${t + 1}`, start - 86_400_000)
    for (let c = 0; c < size.channelsPerTeam; c++) {
      const channel = tenant.addChannel(
        team,
        c === 0 ? 'General' : `Topic ${c}`,
        c % 7 === 5 ? 'private' : 'standard',
        team.created,
      )
      const filling: Filling = { tenant, channel, people, random, start, span: span - SETTLED_MS, size, tied: 0 }
      if (size.repliesPerRoot === undefined) fill(filling)
      else fillThreads(filling, size.repliesPerRoot)
    }
  }
}

interface Filling {
  tenant: Tenant
  channel: Channel
  people: readonly User[]
  random: Random
  start: Instant
  span: number
  size: GeneratedSize
  /** How many messages share the moment of `size.ties` so far. */
  tied: number
}

function fill(filling: Filling): void {
  const { random, start, span, size } = filling
  const count = size.messagesPerChannel
  const roots: Message[] = []
  for (let index = 0; index < count; index++) {
    const at = start + Math.floor(((index + random.next()) / count) * span)
    const event = random.next() < 0.04
    const root = !event && roots.length > 0 && random.next() < 0.35 ? pickRecent(roots, random) : null
    const author = event ? null : random.pick(filling.people)
    const text = event ? 'has joined the team' : sentence(random)
    const message = add(filling, { at: onBorder(at, random), author, text, root }, (index + 1) / count)
    if (!root && !event) roots.push(message)
  }
}

/** Threads of one length, one after another. */
function fillThreads(filling: Filling, replies: number): void {
  const { random, start, span, size } = filling
  const count = size.messagesPerChannel * (replies + 1)
  let root: Message | null = null
  for (let index = 0; index < count; index++) {
    const at = start + Math.floor((index / count) * span)
    if (index % (replies + 1) === 0) root = null
    const author = random.pick(filling.people)
    const message = add(filling, { at, author, text: sentence(random), root }, (index + 1) / count)
    root ??= message
  }
}

/** `share` is how much of the channel there is with this message: so much of the ties is due. */
function add(filling: Filling, row: Omit<NewMessage, 'shown'>, share: number): Message {
  const { tenant, people, start, span, size } = filling
  const message = tenant.addMessage(filling.channel, { ...row, shown: false })
  seasonMessage(message, people, start + span)
  const moment = Math.floor((start + span) / 1000) * 1000
  const due = filling.tied < Math.ceil((size.ties ?? 0) * share)
  if (due && message.author && !message.deleted && message.modified <= moment) {
    message.edited = moment
    message.modified = moment
    filling.tied++
  }
  tenant.show(message)
  return message
}

/** Mostly one of the last threads, now and then an old one. */
function pickRecent(roots: readonly Message[], random: Random): Message {
  const back = random.next() < 0.9 ? random.below(Math.min(10, roots.length)) : random.below(roots.length)
  return roots[roots.length - 1 - back]!
}

/** Every tenth stamp lies exactly on, or one millisecond beside, a second, an hour or a day: where windows begin. */
function onBorder(at: Instant, random: Random): Instant {
  if (random.next() >= 0.1) return at
  const border = random.pick([1000, 60_000, 3_600_000, 86_400_000])
  return Math.floor(at / border) * border + random.pick([-1, 0, 0, 1])
}
