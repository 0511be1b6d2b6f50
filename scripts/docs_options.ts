import type { OptionSpec } from '../libs/connect/options.ts'
import type { SourceDefinition } from '../libs/connect/source.ts'
import { code, markdownTable } from './docs_parts.ts'

/** Options of the connection file. */
export function connectionOptions(source: SourceDefinition): string {
  return optionTable(source, ({ scope, ignored }) => scope === 'connection' && ignored === undefined)
}

/** Options of `table_configuration`. */
export function tableOptions(source: SourceDefinition): string {
  return optionTable(source, ({ scope, ignored }) => scope === 'table' && ignored === undefined)
}

/** Options that are taken from other connectors' specs and do nothing. */
export function ignoredOptions(source: SourceDefinition): string {
  const rows = Object.entries(source.options).flatMap(([name, { ignored }]) =>
    ignored === undefined ? [] : [[code(name), ignored]],
  )
  return rows.length === 0 ? 'None.' : markdownTable(['option', 'what it says'], rows)
}

function optionTable(source: SourceDefinition, wanted: (option: OptionSpec) => boolean): string {
  const rows = Object.entries(source.options)
    .filter(([, option]) => wanted(option))
    .map(([name, option]) => [code(name), accepted(option), defaultOf(option), describe(option)])
  return markdownTable(['option', 'value', 'default', 'meaning'], rows)
}

const VALUES: Readonly<Record<OptionSpec['type'], string>> = {
  text: 'text',
  integer: 'whole number',
  boolean: '`true` or `false`',
  instant: 'date, or time with a zone',
  duration: 'seconds, or a time such as `6h` or `7d`',
  list: 'texts with commas between, or a JSON list',
  origin: 'origin: `https://host`',
  choice: '',
}

function accepted(option: OptionSpec): string {
  if (option.choices !== undefined) return option.choices.map(code).join(', ')
  const { type, min, max } = option
  if (type === 'duration') return VALUES.duration
  if (min !== undefined && max !== undefined) return `${VALUES[option.type]}, ${min} to ${max}`
  return min === undefined ? VALUES[option.type] : `${VALUES[option.type]}, at least ${min}`
}

function defaultOf({ required, default: value }: OptionSpec): string {
  if (required) return 'required'
  return value === undefined ? '' : code(String(value))
}

function describe({ description, secret, environment, example }: OptionSpec): string {
  const variable = environment === undefined ? '' : `Also by the environment variable ${code(environment)}.`
  const parts = [
    description,
    secret ? 'Secret.' : '',
    variable,
    example === undefined ? '' : `Example: ${code(example)}.`,
  ]
  return parts.filter(Boolean).join(' ')
}
