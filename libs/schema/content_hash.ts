import { hash } from 'node:crypto'
import type { RecordBatch } from 'apache-arrow'
import { ByteSink } from './byte_sink.ts'
import { canonicalWriter } from './canonical_writer.ts'
import type { Fields } from './types.ts'

/**
 * One hash a row over the named columns, in this order: 32 lower-case hex digits, the first 128 bits of SHA-256 over the
 * values' canonical bytes. Equal values have equal hashes, however the rows are cut into batches.
 * @param types of the columns as declared: volatile ones, and what is volatile in others, are passed over; a column
 *   without a type here counts whole
 * @throws TypeError if a column is not in the batch, or is of a type that this library does not declare
 */
export function contentHashes(batch: RecordBatch, columns: readonly string[], types: Fields = {}): string[] {
  const sink = new ByteSink()
  const writers = columns.flatMap((name) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined
    if (type?.isVolatile) return []
    const index = batch.schema.fields.findIndex((field) => field.name === name)
    const data = batch.data.children[index]
    if (data === undefined) throw new TypeError(`The batch has no column ${name}.`)
    return [canonicalWriter(data, sink, type)]
  })
  const hashes: string[] = []
  for (let row = 0; row < batch.numRows; row++) {
    sink.length = 0
    for (const write of writers) write(row)
    hashes.push(hash('sha256', sink.written(), 'hex').slice(0, 32))
  }
  return hashes
}
