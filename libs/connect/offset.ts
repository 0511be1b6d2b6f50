import { CursorInvalidError } from './cursor_invalid_error.ts'
import { type Cursor, isCursor } from './feed.ts'
import { type Json, type JsonObject, stableStringify } from './json.ts'

/** The cursors of a table's partitions. JSON with stable key order: `{"partitions":{"<id>":cursor},"v":1}`. */
export interface Offset extends JsonObject {
  v: 1
  partitions: { [id: string]: Cursor }
}

export const OFFSET_VERSION = 1

/**
 * Reads an offset; `null` and `{}` (Spark's initial offset) mean the beginning.
 * @throws CursorInvalidError on any other shape, another connector's among them.
 */
export function parseOffset(offset: Json | undefined): Offset {
  if (offset === null || offset === undefined) return { v: 1, partitions: {} }
  if (typeof offset !== 'object' || Array.isArray(offset)) throw new CursorInvalidError(offset, OFFSET_VERSION)
  if (Object.keys(offset).length === 0) return { v: 1, partitions: {} }
  const { v, partitions } = offset
  if (v !== OFFSET_VERSION || typeof partitions !== 'object' || partitions === null || Array.isArray(partitions)) {
    throw new CursorInvalidError(offset, OFFSET_VERSION)
  }
  for (const cursor of Object.values(partitions))
    if (!isCursor(cursor)) throw new CursorInvalidError(offset, OFFSET_VERSION)
  return { v: 1, partitions: { ...partitions } as Offset['partitions'] }
}

/** The offset after one partition moved; keys stay sorted so that equal offsets are equal text. */
export function moveOffset(offset: Offset, partition: string, cursor: Cursor): Offset {
  return JSON.parse(stableStringify({ v: 1, partitions: { ...offset.partitions, [partition]: cursor } })) as Offset
}
