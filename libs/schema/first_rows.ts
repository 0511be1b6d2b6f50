import { Data, type List, RecordBatch, type Struct, Type, type Utf8 } from 'apache-arrow'

/**
 * The first `count` rows of a batch that came from an encoder, as a batch of its own. `RecordBatch.slice` would do,
 * but apache-arrow 21.2 writes some slices with nested columns as IPC that cannot be read back.
 */
export function firstRows(batch: RecordBatch, count: number): RecordBatch {
  if (count >= batch.numRows) return batch
  return new RecordBatch(batch.schema, firstOf(batch.data, count) as Data<Struct>)
}

function firstOf(data: Data, count: number): Data {
  const bitmap = data.nullCount > 0 ? data.nullBitmap.slice(0, (count + 7) >> 3) : undefined
  const nulls = bitmap === undefined ? 0 : count - countSet(bitmap, count)
  const make = (offsets: unknown, values: unknown, children: Data[] = []) =>
    new Data(data.type, 0, count, nulls, [offsets, values, nulls > 0 ? bitmap : undefined] as never, children)
  switch (data.typeId) {
    case Type.Struct:
      return make(
        undefined,
        undefined,
        data.children.map((child) => firstOf(child, count)),
      )
    case Type.List: {
      const offsets = (data as Data<List>).valueOffsets.slice(0, count + 1)
      return make(offsets, undefined, [firstOf(data.children[0]!, offsets[count]!)])
    }
    case Type.Utf8: {
      const { valueOffsets, values } = data as Data<Utf8>
      const offsets = valueOffsets.slice(0, count + 1)
      return make(offsets, values.slice(0, offsets[count]))
    }
    case Type.Bool:
      return make(undefined, data.values.slice(0, (count + 7) >> 3))
    default:
      return make(undefined, data.values.slice(0, count))
  }
}

function countSet(bits: Uint8Array, count: number): number {
  let set = 0
  for (let index = 0; index < count; index++) if (bits[index >> 3]! & (1 << (index & 7))) set++
  return set
}
