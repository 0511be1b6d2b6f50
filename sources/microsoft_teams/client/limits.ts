import type { Bucket } from '../../../libs/http/types.ts'

/**
 * Rows of the throttling table, requests per second per app and tenant.
 * Source: reference/microsoft_graph_teams.md §3.1 (THR), directory paths from the same section.
 */
export const THROTTLE_ROWS = {
  /** `/teams/{id}/channels/getAllMessages`, `/users/{id}/chats/getAllMessages` and the retained forms. */
  export: { perSecond: 200 },
  /** `/teams/{id}`. */
  team: { perSecond: 30 },
  /** `/teams`: counts with `other`. */
  teams: { perSecond: 30, sharedAs: 'other' },
  /** By elimination: `/teams`, `allChannels`, `hostedContents`, `/users/{id}/chats`, chat members. */
  other: { perSecond: 30 },
  /** `/teams/{id}/channels`. */
  channels: { perSecond: 60 },
  /** `/teams/{id}/channels/{id}` and its tabs. */
  channel: { perSecond: 30 },
  /** `/teams/{id}/members`. */
  team_members: { perSecond: 60 },
  /** `/teams/{id}/channels/{id}/members`. */
  channel_members: { perSecond: 60 },
  /** Channel messages, replies and their delta (which row the last two fall in is an inference of the reference). */
  channel_messages: { perSecond: 20 },
  chat_messages: { perSecond: 20 },
  /** `/groups`, `/users`: 3,500 resource units per 10 s in the smallest tenants, a listing costs 2 (3.1). */
  directory: { perSecond: 100 },
} as const satisfies Record<string, { perSecond: number; sharedAs?: string }>

export type ThrottleRow = keyof typeof THROTTLE_ROWS

/** At most 4 requests per second of one app on a given team (3.1); whether that binds exports too is not said. */
const TEAM_PER_SECOND = 4
/** At most 1 request per second of one app and tenant on a given channel or chat (3.1). */
const CONVERSATION_PER_SECOND = 1

export interface LimitScope {
  kind: ThrottleRow
  teamId?: string
  channelId?: string
  chatId?: string
}

/**
 * The buckets a request counts against, most specific first. Every request on a team shares the team's bucket, which
 * starts at 4 per second and may rise to the export's 200; requests that are no exports also keep to 4 among themselves.
 */
export function bucketsFor(account: string, scope: LimitScope): Bucket[] {
  const row: { perSecond: number; sharedAs?: string } = THROTTLE_ROWS[scope.kind]
  const name = row.sharedAs ?? scope.kind
  const second = (key: string, limit: number, rule: string): Bucket => ({ key, limit, windowMs: 1000, rule })
  const own = (key: string, limit: number, rule: string): Bucket => ({ ...second(key, limit, rule), ofPartition: true })
  const buckets: Bucket[] = []
  if (scope.kind !== 'export') {
    const conversation = scope.channelId ?? scope.chatId
    if (conversation !== undefined) {
      buckets.push(own(`${account}/conversation/${conversation}`, CONVERSATION_PER_SECOND, 'conversation'))
    }
    if (scope.teamId !== undefined)
      buckets.push(own(`${account}/team/${scope.teamId}/direct`, TEAM_PER_SECOND, 'team_direct'))
  }
  if (scope.teamId !== undefined) {
    buckets.push({
      ...own(`${account}/team/${scope.teamId}`, THROTTLE_ROWS.export.perSecond, 'team'),
      strict: TEAM_PER_SECOND,
    })
  }
  buckets.push(second(`${account}/${name}`, row.perSecond, name))
  return buckets
}
