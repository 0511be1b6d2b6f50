import { type Data, type DataType, Type } from 'apache-arrow'
import type { ByteSink } from './byte_sink.ts'
import type { ColumnType } from './types.ts'

/** Writes the value at an index of its column. */
export type CanonicalWriter = (index: number) => void

const NULL = 0
const VALUE = 1

/**
 * The canonical bytes of a column's values, read from its Arrow buffers: a tag byte, then for text and lists a length
 * and for everything the value, recursively. What is below a null is not looked at, so leftovers there do not matter.
 * @param type as declared: what is volatile in it is passed over. Without it everything counts
 * @throws TypeError for an Arrow type that no declared type has
 */
export function canonicalWriter(data: Data, sink: ByteSink, type?: ColumnType): CanonicalWriter {
  const write = valueWriter(data, sink, type)
  const { nullBitmap, offset } = data
  if (data.nullCount === 0 || !nullBitmap) {
    return (index) => {
      sink.byte(VALUE)
      write(index)
    }
  }
  return (index) => {
    const bit = offset + index
    if ((nullBitmap[bit >> 3]! & (1 << (bit & 7))) === 0) return sink.byte(NULL)
    sink.byte(VALUE)
    write(index)
  }
}

function valueWriter(data: Data<DataType>, sink: ByteSink, type: ColumnType | undefined): CanonicalWriter {
  switch (data.type.typeId) {
    case Type.Utf8:
      return textWriter(data, sink)
    case Type.Bool: {
      // Arrow slices the bits of a boolean column by its offset, and all other values by a view.
      const { values, offset } = data as unknown as { values: Uint8Array; offset: number }
      return (index) => sink.byte((values[(offset + index) >> 3]! >> ((offset + index) & 7)) & 1)
    }
    case Type.Int:
    case Type.Timestamp:
      return wordsWriter(data, sink)
    case Type.Float:
      return floatWriter(data, sink)
    case Type.List: {
      const offsets = data.valueOffsets as Int32Array
      const itemType = type?.kind === 'list' ? type.item : undefined
      const item = itemType?.isVolatile ? null : canonicalWriter(data.children[0]!, sink, itemType)
      return (index) => {
        const end = offsets[index + 1]!
        sink.word(end - offsets[index]!)
        if (item !== null) for (let i = offsets[index]!; i < end; i++) item(i)
      }
    }
    case Type.Struct: {
      const children = structWriters(data, sink, type)
      return (index) => {
        for (const child of children) child(index)
      }
    }
    default:
      throw new TypeError(`Arrow type ${data.type} has no canonical bytes.`)
  }
}

function structWriters(data: Data<DataType>, sink: ByteSink, type: ColumnType | undefined): CanonicalWriter[] {
  const fields = type?.kind === 'struct' ? type.fields : {}
  return data.type.children.flatMap(({ name }, index) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    return field?.isVolatile ? [] : [canonicalWriter(data.children[index]!, sink, field)]
  })
}

function textWriter(data: Data, sink: ByteSink): CanonicalWriter {
  const offsets = data.valueOffsets as Int32Array
  const values = data.values as Uint8Array
  const bytes = Buffer.from(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
  return (index) => {
    const start = offsets[index]!
    const end = offsets[index + 1]!
    sink.word(end - start)
    sink.copy(bytes, start, end)
  }
}

/** Integers and times: one 32-bit word, or two. */
function wordsWriter(data: Data, sink: ByteSink): CanonicalWriter {
  const values = data.values as Int32Array | BigInt64Array
  const perValue = values.BYTES_PER_ELEMENT / 4
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * perValue)
  return (index) => {
    for (let i = 0; i < perValue; i++) sink.word(words[index * perValue + i]!)
  }
}

function floatWriter(data: Data, sink: ByteSink): CanonicalWriter {
  const values = data.values as Float64Array
  const one = new Float64Array(1)
  const words = new Int32Array(one.buffer)
  return (index) => {
    // Adding 0 makes 0 of −0: every destination takes them for equal.
    one[0] = values[index]! + 0
    sink.word(words[0]!)
    sink.word(words[1]!)
  }
}
