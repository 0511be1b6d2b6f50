import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import type { Observer } from '../../../libs/observe/events.ts'
import { ipcStream } from '../../../libs/schema/ipc.ts'
import { checkConnection } from './check_connection.ts'
import { coverTable } from './cover_table.ts'
import { describeTable } from './describe_table.ts'
import { lookAtKeys } from './look_at_keys.ts'
import { lookAtPartitions } from './look_at_partitions.ts'
import { type OpenFeed, openFeed } from './open_feed.ts'
import { planTable, refusalsById } from './plan_table.ts'
import { probePartitions } from './probe_partitions.ts'
import { readSpec } from './read_spec.ts'
import { readWindows } from './read_windows.ts'
import type { ChildRequest } from './request.ts'
import { findTable } from './table_access.ts'

export interface AnswerContext {
  out: Writable
  signal: AbortSignal
  observer: Observer
}

/**
 * Carries out one request: `schema` and `read` answer an Arrow stream, the others one line of JSON.
 * What describes the source needs neither credentials nor network.
 */
export async function answer<C extends Closable>(
  source: SourceDefinition<C>,
  request: ChildRequest,
  context: AnswerContext,
): Promise<void> {
  const { out } = context
  switch (request.op) {
    case 'tables':
      return writeJson(out, { tables: source.tables.map(({ name }) => describeTable(findTable(source, name, {}))) })
    case 'describe': {
      const tables = request.tables.map(({ table, options }) => describeTable(findTable(source, table, options)))
      return writeJson(out, { tables })
    }
    case 'check':
      return writeJson(out, await checkConnection(source, request, context))
    case 'spec':
      return writeJson(out, readSpec(source, request.spec))
    case 'schema':
      return void (await ipcStream(findTable(source, request.table, request.options).schema, [], out))
    default: {
      const access = findTable(source, request.table, request.options)
      await using feed = openFeed(source, access, request, context)
      if (request.op === 'read') return void (await ipcStream(access.schema, readWindows(feed, request), out))
      return writeJson(out, await ask(feed, request))
    }
  }
}

/** Operations on one table that ask the API and answer JSON. */
async function ask<C>(
  feed: OpenFeed<C>,
  request: ChildRequest & { op: 'plan' | 'coverage' | 'probe' | 'look' | 'look_at_keys' },
): Promise<JsonObject> {
  switch (request.op) {
    case 'plan':
      return planTable(feed)
    case 'coverage':
      return coverTable(feed)
    case 'probe':
      return { refused: refusalsById(await probePartitions(feed, request.partitions, request.until)) }
    case 'look':
      return lookAtPartitions(feed, request.partitions, request.again)
    case 'look_at_keys':
      return lookAtKeys(feed, request)
  }
}

async function writeJson(out: Writable, value: JsonObject): Promise<void> {
  if (!out.write(`${JSON.stringify(value)}\n`)) await once(out, 'drain')
}
