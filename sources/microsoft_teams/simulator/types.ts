import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { FaultPlan } from '../../../libs/simulator/fault_plan.ts'
import type { RequestLog } from '../../../libs/simulator/request_log.ts'
import type { SimulatorStats } from '../../../libs/simulator/stats.ts'
import type { MessageKey, Mutate, MutationPlan } from './mutation_types.ts'

/** Invented text of any size, seeded. */
export interface GeneratedSize {
  teams: number
  channelsPerTeam: number
  /** Roots and replies together, unless `repliesPerRoot` is given. */
  messagesPerChannel: number
  /** How far back messages go. Default 90. */
  days?: number
  /** Every root gets exactly so many replies, and `messagesPerChannel` counts roots. There are no system events then. */
  repliesPerRoot?: number
  /** Every text is filled up to so many bytes when it is rendered: nothing of it is kept in memory. */
  bodyBytes?: number
  /** So many messages of every channel were edited in one and the same millisecond, on a full second, all channels alike. */
  ties?: number
}

/** What the tenant holds. */
export type Dataset =
  /** The small invented tenant that Parley ships. */
  | { sample: true }
  | { generated: GeneratedSize }
  /** `{conversation, seq, sent_at, author, kind, text, reply_to}` per line, plain or gzip; conversations become channels. */
  | { ndjson: string; teams?: number; limit?: number }

export interface TeamsSimulatorOptions {
  /** Default 0: a free port. The server listens on 127.0.0.1 only. */
  port?: number
  /** All chance follows from it. Default 1. */
  seed?: number
  /** Default `{ sample: true }`. */
  dataset?: Dataset
  /** Channels with membershipType `shared`, one each in the first so many teams; the export leaves them out. Default 0. */
  sharedChannels?: number
  /** Default `documented`: the table of reference §3.1. */
  throttle?: 'documented' | 'off'
  /** Does "4 requests a second on a given team" hold for the export too? Default `strict`: yes. */
  exportPerTeam?: 'strict' | 'loose'
  /** Share of 429 answers without Retry-After, 0 to 1. Default 0. */
  missingRetryAfter?: number
  /** Added to every answer. Default 0. */
  latencyMs?: number
  clock?: SimClock
  faults?: FaultPlan
  credentials?: { tenantId?: string; clientId?: string; clientSecret?: string }
  /** Application permissions of the app. Default: all the simulator's calls need. */
  roles?: string[]
  /** Lifetime of a token. Default 3599. */
  tokenSeconds?: number
  /** A token is good for so many Graph requests, refused ones among them, and then over before its time. Default: any number. */
  tokenRequests?: number
  /** A change stamped t shows between t and t + this, seeded. Default 0. */
  lateVisibilityMs?: number
  /** Largest `$top` of message pages. Default 50. */
  pageSizeMax?: number
  /** Page of messages without `$top`. Default 20; not documented for the export. */
  pageSize?: number
  /** Page of `/teams` without `$top`; not documented. Default 20. */
  teamsPageSize?: number
  /** Replies inline with `$expand=replies`. Default 1000. */
  inlineReplies?: number
  /** After this a `$skiptoken` is answered 400. Default: never. */
  pageTokenSeconds?: number
  /**
   * Order of `…/channels/{c}/messages`, which is not documented. `activity` (default): newest thread first, so that a
   * new reply moves its thread to the front. `shuffled`: seeded; a new reply moves its thread anywhere.
   */
  listOrder?: 'activity' | 'shuffled'
  /** `unsupported`: 400 on `…/messages/delta`, as for apps that the API refuses it (reference §2.5). Default `on`. */
  delta?: 'on' | 'unsupported'
  /** After this a `$deltatoken` (or a `$skiptoken` of delta) is over. Default: never. */
  deltaTokenSeconds?: number
  /** How that is told: 410 with a Location that holds an empty `$deltatoken`, 400, or 404. Default `gone`. */
  deltaExpiry?: 'gone' | 'bad_request' | 'not_found'
  /** Share of rows that a delta round shows twice, 0 to 1, seeded; above 0 there are empty pages as well. Default 0. */
  deltaReplays?: number
  /** Mutations while somebody reads. */
  mutateDuringWalk?: MutationPlan
  /** Answer `Accept-Encoding: gzip` with gzip. Default true. */
  gzip?: boolean
}

/** What a connection needs to reach the simulator: the options of the source `microsoft_teams`. */
export interface TeamsConnection {
  tenant_id: string
  client_id: string
  client_secret: string
  graph_base_url: string
  login_base_url: string
}

/** One message as the API would show it now, with its whole key. */
export interface TruthMessage extends MessageKey {
  json: JsonObject
}

/** A member of a team as the API would show it now. */
export interface TruthMember {
  team_id: string
  id: string
  json: JsonObject
}

/** A member of a channel: those of standard channels are the team's. `id` is the same in all channels of the team. */
export interface TruthChannelMember extends TruthMember {
  channel_id: string
}

export interface TruthCounts {
  teams: number
  channels: number
  messages: number
  roots: number
  replies: number
  systemEvents: number
  deleted: number
  reactions: number
  users: number
  /** Changes that are stamped but not visible yet. */
  pending: number
}

export interface TruthFilter {
  team_id?: string
  /** `exported`: without shared channels, as getAllMessages shows it. Default `all`. */
  channels?: 'all' | 'exported'
  /** Enum members as with `Prefer: include-unknown-enum-members`. Default true. */
  unknownEnumMembers?: boolean
}

export interface Truth {
  /** In the order team, channel, id. Rows of refused teams are included, of gone ones not. */
  messages(filter?: TruthFilter): Iterable<TruthMessage>
  counts(): TruthCounts
  /** Order-free digest of `messages(filter)`. */
  digest(filter?: TruthFilter): string
  /** The whole object of one message, or undefined where the API shows none. */
  message(key: MessageKey): JsonObject | undefined
  teams(): {
    id: string
    displayName: string
    channels: { id: string; displayName: string; membershipType: string }[]
  }[]
  /** In the order team, joining; also of refused teams, not of gone ones. */
  members(filter?: { team_id?: string }): Iterable<TruthMember>
  /** In the order team, channel, joining. */
  channelMembers(filter?: { team_id?: string }): Iterable<TruthChannelMember>
  /** How many rows and reply links the data set had (before anything changed). */
  readonly loaded: { messages: number; replyLinks: number; firstAt: Instant; lastAt: Instant }
}

export interface TeamsSimulator {
  /** Serves Graph and login paths alike. */
  readonly origin: string
  readonly connection: TeamsConnection
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
