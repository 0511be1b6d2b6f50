import { formatInstant, type Instant } from '../../libs/connect/instant.ts'
import type { OptionSet, ResolvedOptions } from '../../libs/connect/options.ts'
import type { TableDefinition } from '../../libs/connect/table.ts'

/**
 * A sentence for each option that begins a table's read (it is declared to lie `before` another) at a time still to come: a
 * mistyped year reads nothing and looks like success. Snapshots are listed whole whatever it says.
 * @param now of this machine: it is good enough for a warning
 */
export function startsAhead(
  declared: OptionSet,
  table: TableDefinition,
  options: ResolvedOptions,
  now: Instant,
): string[] {
  if (table.ingestionType === 'snapshot') return []
  return Object.entries(options).flatMap(([name, value]) =>
    declared[name]?.before !== undefined && typeof value === 'number' && value > now
      ? [
          `${name} of ${table.name} is ${formatInstant(value)}, which is still to come: until then there is nothing to read.`,
        ]
      : [],
  )
}
