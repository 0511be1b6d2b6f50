import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import type { Observer } from '../../../libs/observe/events.ts'
import { ipcStream } from '../../../libs/schema/ipc.ts'
import { coverTable } from './cover_table.ts'
import { openFeed } from './open_feed.ts'
import { planTable, refusalsById } from './plan_table.ts'
import { probePartitions } from './probe_partitions.ts'
import { readWindows } from './read_windows.ts'
import type { ChildRequest } from './request.ts'
import { findTable, type TableAccess } from './table_access.ts'

export interface AnswerContext {
  out: Writable
  signal: AbortSignal
  observer: Observer
}

/**
 * Carries out one request: `schema` and `read` answer an Arrow stream, the others one line of JSON.
 * Tables, schemas and metadata need neither credentials nor network.
 */
export async function answer<C extends Closable>(
  source: SourceDefinition<C>,
  request: ChildRequest,
  context: AnswerContext,
): Promise<void> {
  const { out } = context
  if (request.op === 'tables') {
    return writeJson(out, { tables: source.tables.map((table) => describe(findTable(source, table.name, {}))) })
  }
  if (request.op === 'describe') {
    return writeJson(out, {
      tables: request.tables.map(({ table, options }) => describe(findTable(source, table, options))),
    })
  }
  const access = findTable(source, request.table, request.options)
  if (request.op === 'schema') return void (await ipcStream(access.schema, [], out))
  await using feed = openFeed(source, access, request, context)
  if (request.op === 'coverage') return writeJson(out, await coverTable(feed))
  if (request.op === 'plan') return writeJson(out, await planTable(feed))
  if (request.op === 'probe') {
    const refused = await probePartitions(feed, request.partitions, request.until)
    return writeJson(out, { refused: refusalsById(refused) })
  }
  await ipcStream(access.schema, readWindows(feed, request), out)
}

/** A table in the words of LakeflowConnect's metadata. `windowed` tables can be read as a partitioned stream. */
function describe({ table, feed }: TableAccess<never> | TableAccess<Closable>): JsonObject {
  const { name, primaryKeys, cursorField, ingestionType }: TableDefinition = table
  return {
    name,
    primary_keys: [...primaryKeys],
    cursor_field: cursorField ?? null,
    ingestion_type: ingestionType,
    windowed: feed.kind === 'windowed',
  }
}

async function writeJson(out: Writable, value: JsonObject): Promise<void> {
  if (!out.write(`${JSON.stringify(value)}\n`)) await once(out, 'drain')
}
