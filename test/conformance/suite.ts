import type { RecordBatch } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cursor, type FeedPage, isCursor, type Partition } from '../../libs/connect/feed.ts'
import { type Json, stableStringify } from '../../libs/connect/json.ts'
import { type LakeflowConnect, lakeflow, type ReadContext, type TableBatch } from '../../libs/connect/lakeflow.ts'
import type { Offset } from '../../libs/connect/offset.ts'
import { resolveOptions } from '../../libs/connect/options.ts'
import { readFeed } from '../../libs/connect/read_feed.ts'
import { Session } from '../../libs/connect/session.ts'
import type { Closable, SourceDefinition } from '../../libs/connect/source.ts'
import { type ColumnType, schemasEqual, toArrowSchema } from '../../libs/schema/index.ts'
import { testRuntime } from '../support/runtime.ts'

/** A source with a simulator behind it that stands still while a test reads. */
export interface World {
  source: SourceDefinition
  connection: Record<string, string>
  /** Table options that make a read small enough to have many pages. */
  tableOptions: Record<string, string>
  /** Refuses one partition of every feed, and allows it again. @param table whose partition is named */
  refuseOne(table: string): { partition: string; allow(): void }
  close(): Promise<void>
}

/** What every source passes: the rules of the seam and of the interface, and that both answer the same rows. */
export function conformance(title: string, makeWorld: () => Promise<World>): void {
  describe(`conformance: ${title}`, () => {
    let world: World
    let connect: LakeflowConnect
    beforeAll(async () => {
      world = await makeWorld()
      connect = open(world)
    })
    afterAll(async () => {
      await connect.close()
      await world.close()
    })

    it('describes every table the same way each time', async () => {
      const tables = await connect.listTables()
      expect(tables.length).toBeGreaterThan(0)
      for (const table of tables) {
        const [schema, again] = [await connect.getTableSchema(table), await connect.getTableSchema(table)]
        expect(schemasEqual(schema, again)).toBe(true)
        const metadata = await connect.readTableMetadata(table)
        expect(await connect.readTableMetadata(table)).toEqual(metadata)
        const columns = schema.fields.map((field) => field.name)
        expect(columns).toEqual(expect.arrayContaining(metadata.primaryKeys))
        if (metadata.ingestionType !== 'snapshot') expect(columns).toContain(metadata.cursorField)
        expect(columns).toContain('_rescued_data')
      }
    })

    it('refuses a table it does not have, with a code', async () => {
      await expect(connect.getTableSchema('no_such_table')).rejects.toMatchObject({ code: 'PARLEY_TABLE_UNKNOWN' })
    })

    it('reads every table whole, each key once, in the declared schema', async () => {
      for (const definition of world.source.tables) {
        const batches = await read(connect, definition.name, null, world)
        const rows = rowsOf(batches)
        expect(rows.length, definition.name).toBeGreaterThan(0)
        const keys = rows.map((row) => keyOf(row, definition.primaryKeys))
        expect(new Set(keys).size, definition.name).toBe(keys.length)
        const schema = toArrowSchema(definition.schema, {})
        for (const { records } of batches)
          for (const record of records) expect(schemasEqual(record.schema, schema)).toBe(true)
      }
    })

    it('reads the same in two reads, and nothing from the offset at the end', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const first = await read(connect, name, null, world, { until })
        const second = await read(connect, name, null, world, { until })
        expect(sortedRows(second, world, name)).toEqual(sortedRows(first, world, name))
        expect(stableStringify(second.at(-1)!.offset)).toBe(stableStringify(first.at(-1)!.offset))
        expect(await read(connect, name, first.at(-1)!.offset, world, { until })).toEqual([])
      }
    })

    it('moves the offset with every batch, and writes it as JSON with sorted keys and a version', async () => {
      for (const { name } of world.source.tables) {
        let before = stableStringify(null)
        for (const { offset } of await read(connect, name, null, world)) {
          const text = JSON.stringify(offset)
          expect(text).toBe(stableStringify(JSON.parse(text) as Json))
          expect(text).not.toBe(before)
          expect(offset.v).toBe(1)
          for (const cursor of Object.values(offset.partitions)) expect(isCursor(cursor)).toBe(true)
          before = text
        }
      }
    })

    it('loses nothing when it goes on from any offset', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const batches = await read(connect, name, null, world, { until })
        const whole = new Set(sortedRows(batches, world, name))
        for (const index of spread(batches.length)) {
          const offset = JSON.parse(JSON.stringify(batches[index]!.offset)) as Offset
          const rest = await read(connect, name, offset, world, { until })
          const both = new Set([
            ...sortedRows(batches.slice(0, index + 1), world, name),
            ...sortedRows(rest, world, name),
          ])
          expect(both, `${name} from batch ${index}`).toEqual(whole)
        }
      }
    })

    it('ends a batch at a limit, never the table', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const whole = new Set(sortedRows(await read(connect, name, null, world, { until }), world, name))
        const rows = new Set<string>()
        let offset: Offset | null = null
        for (let round = 0; round < 10_000; round++) {
          const batches = await read(connect, name, offset, world, { until, limit: { maxPages: 2 } })
          expect(batches.length).toBeLessThanOrEqual(2)
          if (batches.length === 0) break
          for (const row of sortedRows(batches, world, name)) rows.add(row)
          offset = batches.at(-1)!.offset
        }
        expect(rows, name).toEqual(whole)
      }
    })

    it('makes the cursor of a time, from which nothing below that time is read again', async () => {
      for (const { name } of world.source.tables) {
        await withFeed(world, name, async ({ feed, connection, options, session, signal }) => {
          const until = await feed.until({ connection, options, session, signal })
          const { partitions } = await feed.discover({ connection, options, session, signal })
          const cursor = JSON.parse(JSON.stringify(feed.cursorAt(until, options))) as Cursor
          const request = { tables: new Set([name]), session, until, options, signal }
          for await (const page of readFeed(feed, connection, partitions[0]!, cursor, request))
            expect(page).toBeUndefined()
        })
      }
    })

    it('reads nothing from a state of the future', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const future = (await read(connect, name, null, world, { until })).at(-1)!.offset
        expect(await read(connect, name, future, world, { until: until - 3_600_000 })).toEqual([])
      }
    })

    it('refuses an offset that it cannot read, with a code', async () => {
      for (const { name } of world.source.tables) {
        const { partitions } = (await read(connect, name, null, world)).at(-1)!.offset
        const newer = Object.fromEntries(Object.entries(partitions).map(([id, cursor]) => [id, { ...cursor, v: 999 }]))
        for (const offset of [{ v: 2, partitions: {} }, { deltaLinks: {} }, { v: 1, partitions: newer }]) {
          await expect(read(connect, name, offset as Json, world)).rejects.toMatchObject({
            code: 'PARLEY_CURSOR_INVALID',
          })
        }
      }
    })

    it('answers the same rows through the seam', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const pages = await readBySeam(world, name, until)
        const batches = pages.map((page) => ({ records: page.rows.get(name) ?? [], offset: null as unknown as Offset }))
        const rows = await read(connect, name, null, world, { until })
        expect(sortedRows(batches, world, name)).toEqual(sortedRows(rows, world, name))
      }
    })

    it('reads every partition but the refused one, then says so, and catches up when it is allowed again', async () => {
      for (const { name } of world.source.tables) {
        const until = await ceiling(world, name)
        const whole = new Set(sortedRows(await read(connect, name, null, world, { until }), world, name))
        const { partition, allow } = world.refuseOne(name)
        const taken: TableBatch[] = []
        const failed = collect(connect.readTable(name, null, world.tableOptions, { until }), taken)
        await expect(failed).rejects.toMatchObject({
          code: 'PARLEY_PARTITIONS_REFUSED',
          details: { partitions: [partition] },
        })
        const offset = taken.at(-1)!.offset
        expect(Object.keys(offset.partitions)).not.toContain(partition)
        allow()
        const rest = await read(connect, name, offset, world, { until })
        expect(rest.length).toBeGreaterThan(0)
        expect(new Set([...sortedRows(taken, world, name), ...sortedRows(rest, world, name)]), name).toEqual(whole)
      }
    })
  })
}

function open(world: World): LakeflowConnect {
  const options = resolveOptions(world.source.options, world.connection, { scope: 'connection', unknown: 'error' })
  return lakeflow(world.source, options, testRuntime())
}

async function read(
  connect: LakeflowConnect,
  table: string,
  start: Json,
  world: World,
  ctx: ReadContext = {},
): Promise<TableBatch[]> {
  const batches: TableBatch[] = []
  await collect(connect.readTable(table, start, world.tableOptions, ctx), batches)
  return batches
}

async function collect(batches: AsyncIterable<TableBatch>, into: TableBatch[]): Promise<void> {
  for await (const batch of batches) into.push(batch)
}

async function withFeed<T>(
  world: World,
  table: string,
  use: (args: Awaited<ReturnType<typeof feedArgs>>) => Promise<T>,
): Promise<T> {
  const args = feedArgs(world, table)
  try {
    return await use(args)
  } finally {
    await args.connection.close()
  }
}

function feedArgs(world: World, table: string) {
  const { source } = world
  const connection: Closable = source.connect(
    resolveOptions(source.options, world.connection, { scope: 'connection', unknown: 'error' }),
    testRuntime(),
  )
  const options = resolveOptions(source.options, world.tableOptions, { scope: 'table', unknown: 'error' })
  const feed = source.feeds.find((one) => one.tables.includes(table))!
  return { feed, connection, options, session: new Session(), signal: new AbortController().signal }
}

const ceiling = (world: World, table: string): Promise<number> =>
  withFeed(world, table, (args) => args.feed.until(args))

async function readBySeam(world: World, table: string, until: number): Promise<FeedPage[]> {
  return withFeed(world, table, async (args) => {
    const pages: FeedPage[] = []
    const { partitions } = await args.feed.discover(args)
    for (const partition of partitions) pages.push(...(await readPartition(args, partition, table, until)))
    return pages
  })
}

async function readPartition(
  { feed, connection, options, session, signal }: ReturnType<typeof feedArgs>,
  partition: Partition,
  table: string,
  until: number,
): Promise<FeedPage[]> {
  const pages: FeedPage[] = []
  const none: Cursor | null = null
  for await (const page of readFeed(feed, connection, partition, none, {
    tables: new Set([table]),
    session,
    until,
    options,
    signal,
  }))
    pages.push(page)
  expect(pages.filter((page) => page.complete).length).toBe(1)
  expect(pages.at(-1)!.complete).toBe(true)
  return pages
}

function rowsOf(batches: readonly { records: RecordBatch[] }[]): Record<string, unknown>[] {
  return batches.flatMap(({ records }) =>
    records.flatMap((record) => record.toArray().map((row) => row.toJSON() as Record<string, unknown>)),
  )
}

/** What two reads of the same must agree in: not in what the declaration calls volatile. */
function sortedRows(batches: readonly { records: RecordBatch[] }[], { source }: World, table: string): string[] {
  const { schema } = source.tables.find(({ name }) => name === table)!
  return [...new Set(rowsOf(batches).map((row) => JSON.stringify(stable(row, schema), plain)))].sort()
}

function stable(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return value
  if (type.kind === 'list') return [...(value as Iterable<unknown>)].map((item) => stable(item, type.item))
  if (type.kind !== 'struct') return value
  const fields = (value as { toJSON?(): object }).toJSON?.() ?? value
  const kept = Object.entries(fields).filter(([name]) => type.fields[name]?.isVolatile !== true)
  return Object.fromEntries(kept.map(([name, one]) => [name, type.fields[name] ? stable(one, type.fields[name]) : one]))
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function keyOf(row: Record<string, unknown>, keys: readonly string[]): string {
  return JSON.stringify(keys.map((key) => row[key]))
}

/** First, last and a few between. */
function spread(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 6))
  return Array.from({ length }, (_, index) => index).filter((index) => index % step === 0 || index === length - 1)
}
