import type { Instant } from '../../../../libs/connect/instant.ts'
import { type Random, seededRandom } from '../../../../libs/simulator/random.ts'
import type { Channel, Message, User } from '../model.ts'
import { seasonMessage } from '../seasoning.ts'
import type { Tenant } from '../tenant.ts'
import { sentence } from './words.ts'

export interface GeneratedSize {
  teams: number
  channelsPerTeam: number
  messagesPerChannel: number
  /** How far back messages go; default 90. */
  days?: number
}

/** Invented text of any size, seeded; ends one minute before `now`. About a third of the messages are replies. */
export function loadGenerated(tenant: Tenant, size: GeneratedSize, now: Instant): void {
  const random = seededRandom(tenant.seed)
  const people = Array.from({ length: 40 }, (_, index) => tenant.user(`Member ${index + 1}`))
  const span = (size.days ?? 90) * 86_400_000
  const start = now - span
  for (let t = 0; t < size.teams; t++) {
    const team = tenant.addTeam(`Team ${t + 1}`, `The people of team ${t + 1}`, start - 86_400_000)
    for (let c = 0; c < size.channelsPerTeam; c++) {
      const channel = tenant.addChannel(
        team,
        c === 0 ? 'General' : `Topic ${c}`,
        c % 7 === 5 ? 'private' : 'standard',
        team.created,
      )
      fill(tenant, channel, people, random, { start, span: span - 60_000, count: size.messagesPerChannel })
    }
  }
}

function fill(
  tenant: Tenant,
  channel: Channel,
  people: readonly User[],
  random: Random,
  range: { start: Instant; span: number; count: number },
): void {
  const roots: Message[] = []
  for (let index = 0; index < range.count; index++) {
    const at = range.start + Math.floor(((index + random.next()) / range.count) * range.span)
    const event = random.next() < 0.04
    const root = !event && roots.length > 0 && random.next() < 0.35 ? pickRecent(roots, random) : null
    const author = event ? null : random.pick(people)
    const text = event ? 'has joined the team' : sentence(random)
    const message = tenant.addMessage(channel, { at: onBorder(at, random), author, text, root, shown: false })
    seasonMessage(message, people, range.start + range.span)
    tenant.show(message)
    if (!root && !event) roots.push(message)
  }
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
