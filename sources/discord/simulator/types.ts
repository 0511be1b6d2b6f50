import type { Instant } from '../../../libs/connect/instant.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { FaultPlan } from '../../../libs/simulator/fault_plan.ts'
import type { RequestLog } from '../../../libs/simulator/request_log.ts'
import type { SimulatorStats } from '../../../libs/simulator/stats.ts'
import type { Mutate, MutationPlan } from './mutation_types.ts'
import type { Truth } from './truth_types.ts'

/** Invented guilds of any size, seeded. Shares are 0 to 1. */
export interface GeneratedSize {
  guilds: number
  /** Channels that hold messages; categories and forums come on top. */
  channelsPerGuild: number
  /** Messages directly in each of those channels; those of threads come on top. */
  messagesPerChannel: number
  /** Threads of each text and announcement channel, and posts of each forum. Default 3. */
  threadsPerChannel?: number
  /** Messages of each thread. Default 6. */
  messagesPerThread?: number
  /** Share of threads that are archived. Default 0.5. */
  archivedShare?: number
  /** Forum and media channels a guild, in turn. Default 2. */
  forums?: number
  /** Members a guild, the bot not counted. Default 60. */
  members?: number
  /** Share of messages with reactions. Default 0.1. */
  reactionsShare?: number
  /** Share of messages with attachments. Default 0.06. */
  attachmentsShare?: number
  /** How far back messages go. Default 90. */
  days?: number
}

/** What the guilds hold. */
export type Dataset =
  /** The small invented guild that Parley ships. */
  | { sample: true }
  | { generated: GeneratedSize }
  /** `{conversation, seq, sent_at, author, kind, text, reply_to}` per line, plain or gzip; conversations become text channels. */
  | { ndjson: string; guilds?: number; limit?: number; conversations?: number }

/** How requests are limited; what is left out is as Discord is known to do (reference §8). */
export interface LimitOptions {
  /** `GET /channels/{c}/messages`, for each channel. Default 5 in 5,000 ms. */
  messages?: { limit: number; windowMs: number }
  /** Other buckets, by the names they have in statistics: `reactions`, `archived`, `members` … Nobody documents them. */
  buckets?: Record<string, { limit: number; windowMs: number }>
  /** Requests a second of the bot, over all routes. Default 50. */
  global?: number
  /** Routes that send no X-RateLimit headers, by the simulator's names. Default `['my_guilds']`. */
  headerless?: string[]
  /** The message list advertises 1000/999 under one hash, and refuses with 0/5 under another. Default false. */
  misleading?: boolean
  /** X-RateLimit-Reset-After of hours on good answers, which nothing enforces. Default false. */
  absurdResetAfter?: boolean
  /** From so many requests on everything is refused by Cloudflare, for 66,271 seconds. Default: never. */
  cloudflareAfter?: number
  /** 401, 403 and 429 (not those of scope `shared`) that an address may cause before Cloudflare bans it for a day. Default 10,000 in 600,000 ms. */
  invalidBudget?: { limit: number; windowMs: number }
}

export interface DiscordSimulatorOptions {
  /** Default 0: a free port. The server listens on 127.0.0.1 only. */
  port?: number
  /** All chance follows from it. Default 1. */
  seed?: number
  clock?: SimClock
  /** Default `{ sample: true }`. */
  dataset?: Dataset
  /** Default `documented`. */
  throttle?: 'documented' | 'off'
  limits?: LimitOptions
  /** Added to every answer. Default 0. */
  latencyMs?: number
  faults?: FaultPlan
  /** Of the bot. Default: made from the seed. */
  token?: string
  /** Answer `Accept-Encoding: gzip` with gzip. Default true. */
  gzip?: boolean
  /** Mutations while somebody reads. */
  mutateDuringWalk?: MutationPlan
  /** Does `GET /guilds/{g}/channels` leave out what the bot cannot view, as since 2026-11-16? Default `hidden_omitted`. */
  visibility?: 'hidden_omitted' | 'all_listed'
  /** Privileged intents of the developer portal. Default true. */
  messageContent?: boolean
  guildMembers?: boolean
  /** A verified bot: full intent flags in place of the limited ones. Default false. */
  verified?: boolean
  /** Share of message pages that hold fewer rows than asked for although there are more, 0 to 1, seeded. Default 0. */
  shortPages?: number
  /** For so long after a thread was made, archived or woken, thread lists show it where it was before. Default 0. */
  staleListsMs?: number
  /** A message that is sent without `at` turns up so much later than its id says, at most, seeded. Default 0. */
  lateVisibilityMs?: number
  /** How long signed attachment URLs are good. Default 86,400. */
  signedUrlSeconds?: number
}

/** What a connection needs to reach the simulator: the options of the source `discord`. */
export interface DiscordConnection {
  bot_token: string
  discord_base_url: string
}

export interface DiscordSimulator {
  /** Serves `/api/v10` and the CDN's `/attachments` alike. */
  readonly origin: string
  readonly connection: DiscordConnection
  /** The user that the token belongs to. */
  readonly botId: string
  readonly clock: SimClock
  readonly truth: Truth
  readonly mutate: Mutate
  readonly log: RequestLog
  stats(): SimulatorStats
  resetStats(): void
  /** Replaces the fault plan; `null` ends all faults. */
  setFaults(plan: FaultPlan | null): void
  close(): Promise<void>
}

/** How many rows and reply links the data set had. */
export interface LoadReport {
  messages: number
  replyLinks: number
  firstAt: Instant
  lastAt: Instant
}
