import { BIGINT, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { RecordBatch } from 'apache-arrow'
import { contentHashes } from '../../../libs/schema/index.ts'
import type { StagedBatch } from '../destination.ts'
import { fillBigints, fillTexts, fillVector } from './arrow_vector.ts'
import { duckDbTypeOf } from './duckdb_type.ts'
import type { Target } from './target.ts'

/** Rows a DuckDB chunk holds. */
const CHUNK_ROWS = 2048

/** Loads batches into a target's staging table, in read order, inside the open transaction. */
export async function stageBatches(
  db: DuckDBConnection,
  target: Target,
  batches: readonly StagedBatch[],
): Promise<number> {
  const appender = await db.createAppender(`staging_${stagingIndex(target)}`, 'main', 'temp')
  let order = 0
  try {
    for (const staged of batches) {
      const hashes = contentHashes(staged.batch, target.hashed)
      for (let from = 0; from < staged.batch.numRows; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, staged.batch.numRows - from)
        appender.appendDataChunk(makeChunk(target, staged, hashes, from, count, order))
        order += count
      }
    }
  } finally {
    appender.closeSync()
  }
  return order
}

function stagingIndex(target: Target): string {
  return /staging_(\d+)/.exec(target.staging)![1]!
}

function makeChunk(
  target: Target,
  staged: StagedBatch,
  hashes: readonly string[],
  from: number,
  count: number,
  order: number,
): DuckDBDataChunk {
  const columns = orderedColumns(target, staged.batch)
  const types = [...target.schema.fields.map((field) => duckDbTypeOf(field.type)), VARCHAR, VARCHAR, BIGINT, BIGINT]
  const chunk = DuckDBDataChunk.create(types, count)
  for (const [index, data] of columns.entries())
    fillVector(duckdb.data_chunk_get_vector(chunk.chunk, index), data, from, count)
  const own = (index: number) => duckdb.data_chunk_get_vector(chunk.chunk, columns.length + index)
  fillTexts(own(0), hashes.slice(from, from + count))
  fillTexts(own(1), new Array<string>(count).fill(staged.partition))
  fillBigints(own(2), new BigInt64Array(count).fill(BigInt(staged.generation?.id ?? 0)))
  fillBigints(
    own(3),
    BigInt64Array.from({ length: count }, (_, row) => BigInt(order + row)),
  )
  return chunk
}

/** The batch's columns as the staging table orders them. */
function orderedColumns(target: Target, batch: RecordBatch) {
  return target.columns.map((column) => {
    const data = batch.getChild(column)?.data[0]
    if (data === undefined) throw new TypeError(`The batch for ${target.job} lacks column ${column}.`)
    return data
  })
}
