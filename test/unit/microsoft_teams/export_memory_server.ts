import { setImmediate as turn } from 'node:timers/promises'
import type { Cursor, FeedDefinition, FeedPage, Limit } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { readFeed } from '../../../libs/connect/read_feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import { type Random, seededRandom } from '../../../libs/simulator/random.ts'
import type { GraphApi, GraphCall, GraphQuery, GraphResponse } from '../../../sources/microsoft_teams/client.ts'
import { PermissionMissingError } from '../../../sources/microsoft_teams/errors/permission_missing_error.ts'
import { channelMessagesFeed } from '../../../sources/microsoft_teams/feeds/channel_messages.ts'
import { readExport } from '../../../sources/microsoft_teams/feeds/export_reader.ts'

export const DAY = 86_400_000
export const SETTLE = 60_000
export const LOOKBACK = 300_000
export type Order = 'ascending' | 'descending' | 'shuffled'

interface Row {
  id: string
  created: Instant
  modified: Instant
  place: number
  channel: string
}

/** The export of one team in memory: pages by position in a live list, shows changes late, answers in any order. */
export class MemoryServer implements GraphApi {
  rows: Row[] = []
  channels = ['channel']
  /** Channels that the list does not show, although their rows are there. */
  unlisted: string[] = []
  /** Called before the channels are listed. */
  onList: () => Promise<unknown> | undefined = () => undefined
  /** The list of channels is refused. */
  hidesChannels = false
  /** Times the channels were listed. */
  lists = 0
  readonly #random: Random
  readonly #order: Order
  readonly #pending: { at: Instant; show(): void }[] = []
  #added = 0
  now: Instant
  /** Ranges that were asked for, each with its pages. */
  readonly asked: { a: Instant; b: Instant; skip: number }[] = []
  inFlight = 0
  mostInFlight = 0
  /** Called before every answer. */
  onRequest: (request: { a: Instant; b: Instant; skip: number }) => void = () => {}

  constructor(now: Instant, order: Order, seed = 1) {
    this.now = now
    this.#order = order
    this.#random = seededRandom(seed)
  }

  get lastDate(): Instant {
    return this.now
  }

  add(modified: Instant, lateMs = 0): void {
    const id = String(this.#added++)
    const channel = this.channels[Number(id) % this.channels.length]!
    const row = { id, created: modified, modified, place: this.#random.next(), channel }
    if (lateMs === 0) this.rows.push(row)
    else this.#pending.push({ at: this.now + lateMs, show: () => this.rows.push(row) })
  }

  edit(lateMs = 0): void {
    if (this.rows.length === 0) return
    const row = this.#random.pick(this.rows)
    const modified = this.now
    this.#pending.push({ at: this.now + lateMs, show: () => Object.assign(row, { modified }) })
    this.#show()
  }

  /** A channel goes for good, with its rows and without a change that tells. */
  removeChannel(): void {
    if (this.channels.length === 1) return
    const gone = this.channels.shift()
    this.rows = this.rows.filter(({ channel }) => channel !== gone)
  }

  get(path: readonly string[], query: GraphQuery, call: GraphCall): Promise<GraphResponse> {
    if (path.at(-1) === 'channels') return this.#listChannels(call)
    const [a, b] = [...String(query.$filter).matchAll(/[gl]t (\S+)/g)].map(([, time]) => Date.parse(time!))
    return this.#answer({ a: a! + 1, b: b!, top: Number(query.$top), skip: 0 }, call)
  }

  follow(link: string, call: GraphCall): Promise<GraphResponse> {
    return this.#answer(JSON.parse(link) as Place, call)
  }

  canFollow(): boolean {
    return true
  }

  async close(): Promise<void> {}

  async #answer({ a, b, top, skip }: Place, { signal }: GraphCall): Promise<GraphResponse> {
    this.asked.push({ a, b, skip })
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight)
    try {
      for (let wait = this.#random.below(4); wait >= 0; wait--) await turn()
      signal.throwIfAborted()
      this.now += 20
      this.#show()
      this.onRequest({ a, b, skip })
      return this.#page({ a, b, top, skip })
    } finally {
      this.inFlight -= 1
    }
  }

  async #listChannels(call: GraphCall): Promise<GraphResponse> {
    this.lists += 1
    await (this.onList() ?? turn())
    call.signal.throwIfAborted()
    this.now += 20
    if (this.hidesChannels) throw new PermissionMissingError(FORBIDDEN, undefined)
    const listed = this.channels.filter((id) => !this.unlisted.includes(id))
    return { body: { value: listed.map((id) => ({ id })) }, bytes: 100, date: this.now }
  }

  #page({ a, b, top, skip }: Place): GraphResponse {
    const list = this.rows.filter(({ modified }) => modified >= a && modified < b).sort((x, y) => this.#compare(x, y))
    const value = list.slice(skip, skip + top).map(toJson)
    const link = JSON.stringify({ a, b, top, skip: skip + top })
    const more = skip + top < list.length
    return { body: { value, ...(more ? { '@odata.nextLink': link } : {}) }, bytes: 100, date: this.now }
  }

  #compare(x: Row, y: Row): number {
    if (this.#order === 'shuffled') return x.place - y.place
    const order = x.modified - y.modified || x.place - y.place
    return this.#order === 'ascending' ? order : -order
  }

  #show(): void {
    for (const change of this.#pending.splice(0)) {
      if (change.at <= this.now) change.show()
      else this.#pending.push(change)
    }
  }
}

const FORBIDDEN = { status: 403, graphCode: 'Forbidden', graphMessage: '', request: 'GET', requestId: undefined }

interface Place {
  a: Instant
  b: Instant
  top: number
  skip: number
}

function toJson({ id, created, modified, channel }: Row) {
  return {
    id,
    replyToId: null,
    messageType: 'message',
    createdDateTime: new Date(created).toISOString(),
    lastModifiedDateTime: new Date(modified).toISOString(),
    channelIdentity: { teamId: 'team', channelId: channel },
  }
}

export interface ReadOptions {
  pageSize?: number
  limit?: Limit
  startDate?: Instant
  until?: Instant
  signal?: AbortSignal
}

const exportFeed: FeedDefinition<GraphApi> = {
  ...(channelMessagesFeed as unknown as FeedDefinition<GraphApi>),
  read: readExport,
}

/** Reads through the seam, so that its contract is checked as well. */
export function readPages(
  server: MemoryServer,
  cursor: Cursor | null,
  options: ReadOptions = {},
): AsyncGenerator<FeedPage> {
  return readFeed<GraphApi>(exportFeed, server, { id: 'team', team_id: 'team' }, cursor, {
    tables: new Set(['messages', 'message_replies']),
    session: new Session(),
    until: options.until ?? server.now - SETTLE,
    signal: options.signal ?? new AbortController().signal,
    options: {
      page_size: options.pageSize ?? 5,
      settle_seconds: SETTLE / 1000,
      lookback_seconds: LOOKBACK / 1000,
      rewalk_horizon: DAY / 1000,
      ...(options.startDate === undefined ? {} : { start_date: options.startDate }),
    },
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  })
}

/** `id@time` of each row of a page. */
export function versionsOf(page: FeedPage): string[] {
  return [...page.rows.values()]
    .flat()
    .flatMap((batch) => batch.toArray().map((row) => `${row.id}@${Number(row.lastModifiedDateTime)}`))
}
