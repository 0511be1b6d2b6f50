import { hash } from 'node:crypto'
import type { RecordBatch } from 'apache-arrow'
import { ByteSink } from './byte_sink.ts'
import { canonicalWriter } from './canonical_writer.ts'

/**
 * One hash a row over the named columns, in this order: 32 lower-case hex digits, the first 128 bits of SHA-256 over the
 * values' canonical bytes. Equal values have equal hashes, however the rows are cut into batches.
 * @throws TypeError if a column is not in the batch, or is of a type that this library does not declare
 */
export function contentHashes(batch: RecordBatch, columns: readonly string[]): string[] {
  const sink = new ByteSink()
  const writers = columns.map((name) => {
    const index = batch.schema.fields.findIndex((field) => field.name === name)
    const data = batch.data.children[index]
    if (data === undefined) throw new TypeError(`The batch has no column ${name}.`)
    return canonicalWriter(data, sink)
  })
  const hashes: string[] = []
  for (let row = 0; row < batch.numRows; row++) {
    sink.length = 0
    for (const write of writers) write(row)
    hashes.push(hash('sha256', sink.written(), 'hex').slice(0, 32))
  }
  return hashes
}
