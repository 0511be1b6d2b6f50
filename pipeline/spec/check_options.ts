import { isParleyError } from '../../libs/connect/error.ts'
import { resolveOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { suggest } from './suggest.ts'

/** What a `table_configuration` may hold beside options of the source. */
const SETTINGS = ['scd_type', 'primary_keys', 'sequence_by', 'cluster_by']

export interface OptionProblem {
  /** The key as the spec has it; `null` when a required one is missing. */
  key: string | null
  message: string
  remedy: string
}

/** Every table option that the source does not declare or whose value is wrong. Calls `onIgnored` for those that do nothing. */
export function checkOptions(
  source: SourceDefinition,
  options: Readonly<Record<string, string>>,
  onIgnored: (key: string, sentence: string) => void,
): OptionProblem[] {
  const problems: OptionProblem[] = []
  const left = { ...options }
  const broken = new Set<string>()
  // resolveOptions stops at the first problem: take that key out and ask again.
  for (let round = Object.keys(options).length; round >= 0; round--) {
    const ignored: [string, string][] = []
    try {
      resolveOptions(source.options, left, {
        scope: 'table',
        unknown: 'error',
        broken,
        onIgnored: (name, sentence) => ignored.push([name, sentence]),
      })
      for (const [name, sentence] of ignored) onIgnored(keyOf(left, name) ?? name, sentence)
      return problems
    } catch (error) {
      if (!isParleyError(error)) throw error
      const name = String(error.details.option)
      const key = keyOf(left, name)
      problems.push({
        key: key ?? null,
        message: error.message,
        remedy: error.code === 'PARLEY_OPTION_UNKNOWN' ? unknownOptionRemedy(name, source, SETTINGS) : error.remedy,
      })
      if (key === undefined) return problems
      delete left[key]
      broken.add(name)
    }
  }
  return problems
}

/** The list of a source's options is long: the one that was meant comes first, and options of other connectors are not offered. */
export function unknownOptionRemedy(name: string, source: SourceDefinition, settings: readonly string[] = []): string {
  const declared = Object.entries(source.options)
  if (declared.some(([option, spec]) => option === name.toLowerCase() && spec.scope === 'connection')) {
    return `${name} is an option of the connection: move it to the connection file.`
  }
  const names = declared
    .filter(([, spec]) => spec.scope === 'table' && spec.ignored === undefined)
    .map(([option]) => option)
  const near = suggest(name, [...names, ...settings])
  return `${near === undefined ? '' : `Did you mean ${near}? `}Known: ${[...settings, ...names.sort()].join(', ')}.`
}

function keyOf(options: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.keys(options).find((key) => key.toLowerCase() === name.toLowerCase())
}
