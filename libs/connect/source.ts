import { keepAnonymizer } from '../anonymize/of_connection.ts'
import { anonymizerOf } from '../anonymize/options.ts'
import type { Observer } from '../observe/events.ts'
import type { FeedDefinition } from './feed.ts'
import type { OptionSet, ResolvedOptions } from './options.ts'
import type { TableDefinition } from './table.ts'

/** What a connection may use of the process it runs in; injected so that tests and simulators own time and chance. */
export interface Runtime {
  observer: Observer
  /** Milliseconds since 1970 of the local machine: for waits and durations only, never for windows. */
  now(): number
  random(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Limits this process keeps, as a share of the documented ones (Spark tasks get a part each). */
  rateShare: number
  /** The same for limits of one partition (a team, a channel), which usually one process reads. Default `rateShare`. */
  partitionRateShare?: number
  /** Upper bound of response bytes in flight over all requests. */
  maxMemoryBytes: number
}

/** A live connection: the API client of one source. `close` ends its sockets. */
export interface Closable {
  close(): Promise<void>
  /** Requests that wait for a limit which holds for a part of the API only (a channel, a team). */
  held?(): number
}

/** The result of asking one permission of the API. */
export interface PermissionCheck {
  table: string
  permission: string
  granted: boolean
  code?: string
  message?: string
}

/** One API with its tables and feeds. */
export interface SourceDefinition<C extends Closable = Closable> {
  /** Snake case, as in `connection` files and folders: `microsoft_teams`. */
  readonly name: string
  readonly displayName: string
  readonly options: OptionSet
  /** In the order of `listTables`. */
  readonly tables: readonly TableDefinition[]
  readonly feeds: readonly FeedDefinition<C>[]
  /** Whose data a connection brings, from its options: two accounts must not share a connection's name in a destination. */
  account(options: ResolvedOptions): string
  /** Builds the client. Makes no request. */
  connect(options: ResolvedOptions, runtime: Runtime): C
  /** Proves credentials and says per table which permission is missing. */
  check(connection: C, options: ResolvedOptions, signal: AbortSignal): Promise<PermissionCheck[]>
}

/** Declares a source and checks that every table has exactly one feed. Its connections know what `anonymize` asks for. */
export function defineSource<C extends Closable>(source: SourceDefinition<C>): SourceDefinition<C> {
  for (const table of source.tables) {
    const feeds = source.feeds.filter((feed) => feed.tables.includes(table.name))
    if (feeds.length !== 1) throw new TypeError(`Source ${source.name}: table ${table.name} has ${feeds.length} feeds.`)
  }
  return {
    ...source,
    connect: (options, runtime) => {
      const connection = source.connect(options, runtime)
      keepAnonymizer(connection, anonymizerOf(options))
      return connection
    },
  }
}
