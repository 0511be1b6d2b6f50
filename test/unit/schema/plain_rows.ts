import { type Data, type RecordBatch, Type } from 'apache-arrow'

/**
 * A batch as plain values, read from its buffers and not with apache-arrow's getters, which turn 64-bit times into rounded
 * numbers: times and 64-bit integers as bigint, structs as objects without a prototype.
 */
export function plainRows(batch: RecordBatch): Record<string, unknown>[] {
  const columns = batch.schema.fields.map((field, i) => [field.name, batch.data.children[i]!] as const)
  return Array.from({ length: batch.numRows }, (_, row) => {
    const plain = Object.create(null)
    for (const [name, data] of columns) plain[name] = plainValue(data, row)
    return plain
  })
}

function plainValue(data: Data, index: number): unknown {
  if (!data.getValid(index)) return null
  const { values, valueOffsets } = data
  switch (data.type.typeId) {
    case Type.Utf8:
      return Buffer.from(values.subarray(valueOffsets[index], valueOffsets[index + 1])).toString('utf8')
    case Type.Bool:
      return ((values[(data.offset + index) >> 3]! >> ((data.offset + index) & 7)) & 1) === 1
    case Type.List: {
      const items: unknown[] = []
      for (let i = valueOffsets[index]!; i < valueOffsets[index + 1]!; i++) items.push(plainValue(data.children[0]!, i))
      return items
    }
    case Type.Struct: {
      const plain = Object.create(null)
      for (const [i, field] of data.type.children.entries()) plain[field.name] = plainValue(data.children[i]!, index)
      return plain
    }
    default:
      return values[index]
  }
}
