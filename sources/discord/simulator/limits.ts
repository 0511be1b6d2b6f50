import type { Exchange } from '../../../libs/simulator/exchange.ts'
import { hashText } from '../../../libs/simulator/random.ts'
import type { Limit } from '../../../libs/simulator/rate_buckets.ts'
import type { Settings } from './context.ts'

/**
 * Which routes share a bucket, and how large it is. Discord documents none of these numbers and changes them: only the
 * message list's 5 in 5 s was ever seen (reference §8), the others are of the same order so that a client must learn them
 * from the headers.
 */
const GROUPS: Readonly<Record<string, { routes: readonly string[]; limit: number; windowMs: number }>> = {
  messages: { routes: ['messages'], limit: 5, windowMs: 5000 },
  message: { routes: ['message'], limit: 10, windowMs: 5000 },
  reactions: { routes: ['reactions'], limit: 10, windowMs: 4000 },
  pins: { routes: ['pins', 'pins_list'], limit: 5, windowMs: 5000 },
  polls: { routes: ['poll_answer'], limit: 5, windowMs: 4000 },
  channel: { routes: ['channel'], limit: 10, windowMs: 5000 },
  archived: {
    routes: ['archived_public', 'archived_private', 'archived_joined', 'thread_search'],
    limit: 6,
    windowMs: 4000,
  },
  thread_members: { routes: ['thread_members', 'thread_member'], limit: 6, windowMs: 4000 },
  guild: { routes: ['guild'], limit: 10, windowMs: 10_000 },
  channels: { routes: ['channels'], limit: 10, windowMs: 10_000 },
  active_threads: { routes: ['active_threads'], limit: 10, windowMs: 10_000 },
  members: { routes: ['members', 'member_search'], limit: 10, windowMs: 10_000 },
  member: { routes: ['member'], limit: 5, windowMs: 2000 },
  roles: { routes: ['roles', 'role', 'role_counts'], limit: 10, windowMs: 10_000 },
  emojis: { routes: ['emojis', 'stickers'], limit: 10, windowMs: 10_000 },
  message_search: { routes: ['message_search'], limit: 5, windowMs: 5000 },
  my_guilds: { routes: ['my_guilds'], limit: 5, windowMs: 5000 },
  users: { routes: ['me', 'user', 'application'], limit: 10, windowMs: 10_000 },
}

const GROUP_OF = new Map(Object.entries(GROUPS).flatMap(([name, { routes }]) => routes.map((route) => [route, name])))

/** The bucket of a request: the group of its route and the major parameter. */
export function bucketOf(settings: Settings, route: string, exchange: Exchange): Limit | undefined {
  const name = GROUP_OF.get(route)
  if (name === undefined) return undefined
  const { limit, windowMs } =
    name === 'messages' ? settings.limits.messages : (settings.limits.buckets[name] ?? GROUPS[name]!)
  const major = exchange.params.channel ?? exchange.params.guild ?? 'none'
  return { scope: name, key: `${name}:${major}`, limit, window_ms: windowMs }
}

export function globalBucket(settings: Settings): Limit {
  return { scope: 'global', key: 'global', limit: settings.limits.global, window_ms: 1000 }
}

/** The opaque hash of a group; the major parameter is not in it. */
export function bucketHash(seed: number, group: string): string {
  return [1, 2, 3, 4].map((part) => hashText(`${group} ${part}`, seed).toString(16).padStart(8, '0')).join('')
}
