import type { ShapeProblem } from './check_shape.ts'
import type { RawTable } from './table_job.ts'

export interface ReadableEntry {
  /** Its place in `objects`. */
  index: number
  table: RawTable
  /** False where something was wrong with it, and left out of `table`. */
  isWhole: boolean
}

/**
 * The entries of a spec that say which table they mean, so that their options can be checked whatever else is wrong with the
 * spec's shape: a value that has a problem counts as not there, and is not told of twice.
 */
export function readableEntries(spec: unknown, problems: readonly Pick<ShapeProblem, 'path'>[]): ReadableEntry[] {
  const objects = isMapping(spec) && Array.isArray(spec.objects) ? (spec.objects as unknown[]) : []
  return objects.flatMap((entry, index) => {
    if (!isMapping(entry) || !isMapping(entry.table)) return []
    const own = problems.filter(({ path }) => `${path}/`.startsWith(`/objects/${index}/`))
    const table = own.reduce((left, { path }) => without(left, path.split('/').slice(4)), entry.table)
    if (!isRawTable(table)) return []
    return [{ index, table, isWhole: own.length === 0 }]
  })
}

/** @param names what leads from a table to the value that is wrong; none: the table itself, by a key too many or too few */
function without(table: Mapping, [field, setting]: readonly string[]): Mapping {
  if (field === undefined) return table
  const { [field]: value, ...rest } = table
  if (setting === undefined || !isMapping(value)) return rest
  const { [setting]: _, ...settings } = value
  return { ...rest, [field]: settings }
}

type Mapping = Record<string, unknown>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The other members fit, or have a problem and are gone. */
function isRawTable(table: Mapping): table is Mapping & RawTable {
  return typeof table.source_table === 'string'
}
