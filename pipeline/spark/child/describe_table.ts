import type { JsonObject } from '../../../libs/connect/json.ts'
import { type ColumnType, RAW_COLUMN, RESCUED_COLUMN, volatileParts } from '../../../libs/schema/index.ts'
import { FACTS_COLUMN } from './apply_facts.ts'
import type { TableAccess } from './table_access.ts'

/** Columns that say how a row came, not what it is: a change in them alone is no new version. */
const NOT_CONTENT = new Set([RESCUED_COLUMN, RAW_COLUMN, FACTS_COLUMN])

/** A table in the words of LakeflowConnect's metadata. `windowed` tables can be read as a partitioned stream. */
export function describeTable<C>({ table, feed }: TableAccess<C>): JsonObject {
  const { name, description, primaryKeys, cursorField, ingestionType } = table
  return {
    name,
    primary_keys: [...primaryKeys],
    cursor_field: cursorField ?? null,
    ingestion_type: ingestionType,
    windowed: feed.kind === 'windowed',
    description,
  }
}

/** What `ingest` has to know beside that to keep a target. */
export function describeTarget<C>(access: TableAccess<C>): JsonObject {
  const { fields } = access.table.schema
  const columns = access.schema.fields.map(({ name }) => name)
  const all = columns.filter((name) => !NOT_CONTENT.has(name))
  const soft = access.table.softDelete
  return {
    ...describeTable(access),
    hashed: all.filter((name) => !fields[name]!.isVolatile),
    volatile: Object.fromEntries(
      Object.entries(fields).flatMap(([name, type]) => {
        const parts = volatileTree(type)
        return parts === null ? [] : [[name, parts]]
      }),
    ),
    soft_delete: soft === undefined ? null : { ...soft },
  }
}

/** True: all of it; a mapping: these fields of a struct; false: somewhere inside a list; null: nothing. */
function volatileTree(type: ColumnType): JsonObject | boolean | null {
  if (type.isVolatile) return true
  if (volatileParts(type).length === 0) return null
  if (type.kind !== 'struct') return false
  const inner = Object.entries(type.fields).map(([name, field]) => [name, volatileTree(field)] as const)
  return Object.fromEntries(inner.filter(([, tree]) => tree !== null))
}
