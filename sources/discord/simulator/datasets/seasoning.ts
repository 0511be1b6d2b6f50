import type { Instant } from '../../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../../libs/connect/json.ts'
import { hashText, mix } from '../../../../libs/simulator/random.ts'
import { FLAG } from '../codes.ts'
import type { Attachment, Message, Reaction, User } from '../model.ts'
import type { World } from '../world.ts'

/** How many messages get what; 0 to 1. */
export interface SeasoningShares {
  reactions: number
  attachments: number
}

export const DEFAULT_SHARES: SeasoningShares = { reactions: 0.1, attachments: 0.06 }

const UNICODE = ['👍', '🔥', '😂', '⛵', '❤️', '🇪🇺', '👋🏽']

/**
 * Gives a loaded message a past: some were edited, some have files, reactions, or a link that was unfurled. It follows
 * from the message's id; times never pass `latest`.
 */
export function seasonMessage(
  world: World,
  message: Message,
  latest: number,
  people: readonly User[] = world.users,
  shares: SeasoningShares = DEFAULT_SHARES,
): void {
  const draw = hashText(message.id, world.seed)
  if (draw % 31 === 0) {
    const at = Math.min(latest, message.at + 1 + (mix(draw + 1) % 3_600_000))
    message.editedAt = at * 1000 + (mix(draw + 2) % 1000)
    message.content = `${message.content} (edited)`
  }
  if (chance(draw, 3) < shares.attachments)
    message.extras = { ...message.extras, attachments: [inventAttachment(world, message.at, draw)] }
  if (message.content.includes('https://')) message.extras = { ...message.extras, embeds: [unfurled(message.content)] }
  if (chance(draw, 4) < shares.reactions && people.length > 0)
    message.reactions = inventReactions(message, draw, people)
  if (draw % 67 === 0) message.flags |= FLAG.SUPPRESS_EMBEDS
}

/** The same message always draws the same number in [0, 1) for the same purpose. */
function chance(draw: number, purpose: number): number {
  return mix(draw + purpose) / 4_294_967_296
}

export function inventAttachment(world: World, at: Instant, draw: number): Attachment {
  const id = world.ids.next(at)
  const picture = mix(draw + 5) % 3 !== 0
  const size = 200 + (mix(draw + 6) % 40_000)
  if (!picture)
    return { id, filename: `notes ${draw % 100}.txt`, contentType: 'text/plain; charset=utf-8', size, more: {} }
  const more = {
    width: 640,
    height: 480,
    placeholder: 'NcgJDYJ4d3hwiHeHgIh3eJBwZwiH',
    placeholder_version: 1,
    flags: 0,
    ...(draw % 2 === 0 ? { description: 'Seen from the pier' } : {}),
  }
  return { id, filename: `harbour_${draw % 1000}.png`, contentType: 'image/png', size, more }
}

/** What a link becomes some seconds after it was sent: an embed, and no edit. */
export function unfurled(content: string): JsonObject {
  const url = /https:\/\/\S+/.exec(content)?.[0].replace(/[)>\]"',.]+$/, '') ?? 'https://example.org'
  return {
    type: 'link',
    url: URL.canParse(url) ? new URL(url).href : 'https://example.org/',
    title: 'A page about it',
    description: 'What the page says of itself',
    provider: { name: 'Example', url: 'https://example.org' },
    thumbnail: { url: 'https://example.org/preview.png', width: 320, height: 180 },
  }
}

function inventReactions(message: Message, draw: number, people: readonly User[]): Reaction[] {
  const { emojis } = message.place.guild
  const count = 1 + (draw % 3)
  const start = mix(draw + 8)
  return Array.from({ length: count }, (_, index) => {
    const custom = (draw + index) % 5 === 0 ? emojis[draw % emojis.length] : undefined
    const emoji = custom
      ? { id: custom.id, name: custom.name, animated: custom.animated }
      : { id: null, name: UNICODE[(start + index) % UNICODE.length]!, animated: false }
    const users = somebody(people, mix(start + index), 1 + (mix(draw + 20 + index) % 6))
    const bursts = draw % 4 === 0 ? Math.ceil(users.length / 2) : 0
    return { emoji, burst: users.slice(0, bursts), normal: users.slice(bursts) }
  })
}

/** Different people, as many as there are at most. */
function somebody(people: readonly User[], start: number, count: number): User[] {
  const users = new Set<User>()
  for (let index = 0; index < count; index++) users.add(people[(start + index * 7) % people.length]!)
  return [...users]
}
