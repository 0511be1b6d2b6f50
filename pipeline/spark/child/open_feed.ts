import type { Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { readFeed } from '../../../libs/connect/read_feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import type { Observer } from '../../../libs/observe/events.ts'
import { openConnection } from './open_connection.ts'
import type { ChildRequest } from './request.ts'
import type { TableAccess } from './table_access.ts'

/** One table's feed on a live connection. */
export interface OpenFeed<C> extends AsyncDisposable {
  access: TableAccess<C>
  args: ReadArgs<C>
  observer: Observer
  /** Requests that wait now because of a limit of one partition. */
  held(): number
  /** Reads [since less the feed's lookback, until) of one partition. */
  read(
    partition: Partition,
    since: Instant | null,
    until: Instant,
    how?: { maxPages?: number; signal?: AbortSignal },
  ): ReturnType<typeof readFeed>
}

/** Builds the client; makes no request yet. @throws OptionMissingError, OptionInvalidError for connection options */
export function openFeed<C extends Closable>(
  source: SourceDefinition<C>,
  access: TableAccess<C>,
  request: ChildRequest,
  { signal, observer }: { signal: AbortSignal; observer: Observer },
): OpenFeed<C> {
  const { feed, table, options } = access
  const { connection } = openConnection(source, request, observer)
  const session = new Session()
  return {
    access,
    observer,
    args: { connection, options, session, signal, timesOnly: true },
    held: () => connection.held?.() ?? 0,
    read: (partition, since, until, { maxPages, signal: own } = {}) => {
      const limit = maxPages === undefined ? {} : { limit: { maxPages } }
      const signals = own === undefined ? signal : AbortSignal.any([signal, own])
      const wanted = { tables: new Set([table.name]), session, until, options, signal: signals, ...limit }
      return readFeed(feed, connection, partition, since === null ? null : feed.cursorAt(since, options), wanted)
    },
    [Symbol.asyncDispose]: () => connection.close(),
  }
}
