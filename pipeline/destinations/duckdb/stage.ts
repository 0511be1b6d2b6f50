import { setImmediate as turn } from 'node:timers/promises'
import { BIGINT, type DuckDBConnection, DuckDBDataChunk, type DuckDBType, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { RecordBatch } from 'apache-arrow'
import { contentHashes } from '../../../libs/schema/index.ts'
import type { StagedBatch } from '../destination.ts'
import { fillBigints, fillTexts, fillVector } from './arrow_vector.ts'
import { duckDbTypeOf } from './duckdb_type.ts'
import type { Target } from './target.ts'

/** Rows a DuckDB chunk holds. */
const CHUNK_ROWS = 2048

const TURN_MS = 8

/** Lets others have the thread now and then: answers that wait here look to the limiter as if the network had been slow. */
class Turns {
  #began = performance.now()

  async next(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return
    await turn()
    this.#began = performance.now()
  }
}

/** A run of rows of one batch that goes into one chunk. */
interface Slice {
  staged: StagedBatch
  hashes: readonly string[]
  from: number
  count: number
}

/** Loads batches into a target's staging table, in read order, inside the open transaction. */
export async function stageBatches(
  db: DuckDBConnection,
  target: Target,
  batches: readonly StagedBatch[],
): Promise<number> {
  const appender = await db.createAppender(target.stagingName, 'main', 'temp')
  const types = [...target.schema.fields.map((field) => duckDbTypeOf(field.type)), VARCHAR, VARCHAR, BIGINT, BIGINT]
  const turns = new Turns()
  let order = 0
  try {
    for await (const slices of chunksOf(batches, target, turns)) {
      const chunk = await makeChunk(target, types, slices, order, turns)
      appender.appendDataChunk(chunk)
      order += chunk.rowCount
    }
  } finally {
    appender.closeSync()
  }
  return order
}

/** Pages are much smaller than chunks: many of them share one. */
async function* chunksOf(
  batches: readonly StagedBatch[],
  { hashed, hashedTypes }: Target,
  turns: Turns,
): AsyncGenerator<Slice[]> {
  let slices: Slice[] = []
  let room = CHUNK_ROWS
  for (const staged of batches) {
    await turns.next()
    const hashes = contentHashes(staged.batch, hashed, hashedTypes)
    for (let from = 0; from < staged.batch.numRows; ) {
      const count = Math.min(room, staged.batch.numRows - from)
      slices.push({ staged, hashes, from, count })
      from += count
      room -= count
      if (room > 0) continue
      yield slices
      slices = []
      room = CHUNK_ROWS
    }
  }
  if (slices.length > 0) yield slices
}

async function makeChunk(
  target: Target,
  types: readonly DuckDBType[],
  slices: readonly Slice[],
  order: number,
  turns: Turns,
): Promise<DuckDBDataChunk> {
  const rows = slices.reduce((sum, { count }) => sum + count, 0)
  const chunk = DuckDBDataChunk.create(types, rows)
  const vector = (index: number) => duckdb.data_chunk_get_vector(chunk.chunk, index)
  for (const [index, column] of target.columns.entries()) {
    await turns.next()
    fillVector(
      vector(index),
      slices.map(({ staged, from, count }) => ({ data: columnOf(target, staged.batch, column), from, count })),
    )
  }
  const own = target.columns.length
  const each = <T>(pick: (slice: Slice) => T): T[] =>
    slices.flatMap((slice) => new Array<T>(slice.count).fill(pick(slice)))
  fillTexts(
    vector(own),
    slices.flatMap(({ hashes, from, count }) => hashes.slice(from, from + count)),
  )
  fillTexts(
    vector(own + 1),
    each(({ staged }) => staged.partition),
  )
  fillBigints(vector(own + 2), BigInt64Array.from(each(({ staged }) => BigInt(staged.generation?.id ?? 0))))
  fillBigints(
    vector(own + 3),
    BigInt64Array.from({ length: rows }, (_, row) => BigInt(order + row)),
  )
  return chunk
}

function columnOf(target: Target, batch: RecordBatch, column: string) {
  const data = batch.getChild(column)?.data[0]
  if (data === undefined) throw new TypeError(`The batch for ${target.job} lacks column ${column}.`)
  return data
}
