import { formatInstant } from './instant.ts'
import { OptionInvalidError } from './option_invalid_error.ts'
import { OptionMissingError } from './option_missing_error.ts'
import type { OptionSet, ResolvedOptions } from './options.ts'

/**
 * Checks options that each fit, but not together: `before`, `withOne` and `needs` of their declarations.
 * @param broken options that were given with a value that does not fit: they are told of already, and not missed
 * @throws OptionInvalidError that names the option with the declaration, OptionMissingError that names the one it needs
 */
export function checkRelations(
  declared: OptionSet,
  resolved: ResolvedOptions,
  broken: ReadonlySet<string> = new Set(),
): void {
  for (const [name, value] of Object.entries(resolved)) {
    const { before, withOne, needs, scope } = declared[name]!
    if (needs !== undefined && value === true && resolved[needs] === undefined && !broken.has(needs))
      throw new OptionMissingError(needs, declared[needs]!, name)
    const end = before === undefined ? undefined : resolved[before]
    if (typeof value === 'number' && typeof end === 'number' && value >= end) {
      throw new OptionInvalidError(name, value, `a time before ${before} (${formatInstant(end)})`, scope, {
        // A time that was read as one is no secret.
        said: `it is ${formatInstant(value)}`,
      })
    }
    if (value === undefined || withOne === undefined || broken.has(withOne)) continue
    const given = [resolved[withOne] ?? []].flat().length
    if (given === 1) continue
    throw new OptionInvalidError(name, value, `given with exactly one ${withOne}`, scope, {
      said: `there ${given === 0 ? 'is none' : `are ${given}`}`,
      remedy: `Set ${withOne} to one value, or leave ${name} out.`,
    })
  }
}
