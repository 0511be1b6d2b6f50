import { InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../libs/connect/duration.ts'
import { type Instant, parseInstant } from '../../libs/connect/instant.ts'
import { DEFAULT_DESTINATION } from './destination_url.ts'

export type OutputFormat = 'text' | 'json'

/** Flags that several commands share. */
export interface ConnectionFlags {
  connection?: string
  connectionName?: string
}

export const connectionFlag = (): Option =>
  new Option('--connection <file>', 'connection file (default: configs/<source>/dev_config.json, else the environment)')

export const connectionNameFlag = (description = 'which connection of a file with several'): Option =>
  new Option('--connection-name <name>', description).argParser((text: string) => {
    // A variable that is not set leaves nothing, and nothing would be a name like any other.
    if (text.trim() === '') throw new InvalidArgumentError('It names no connection.')
    return text
  })

/** For commands that read a source and keep state. */
export const syncedNameFlag = (): Option =>
  connectionNameFlag('which connection of a file with several; the state in the destination is kept under this name')

/** For commands that look at a destination and at no source. */
export const heldNameFlag = (): Option =>
  connectionNameFlag('which connection of the destination, where it holds several')

export const destinationFlag = (description: string): Option =>
  new Option('--destination <url>', description).default(DEFAULT_DESTINATION)

export const tablesFlag = (description: string): Option =>
  new Option('--tables <a,b>', description).argParser((text: string) => {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    // No table at all would be a run that succeeds and does nothing.
    if (names.length === 0) throw new InvalidArgumentError('It names no table.')
    return names
  })

/** For commands that look at a destination. */
export const heldTablesFlag = (): Option =>
  tablesFlag('only these tables, by their names in the destination or in the source')

export const yesFlag = (): Option => new Option('--yes', 'do it without asking')

export const outputFlag = (): Option =>
  new Option('--output <format>', 'format of the result on stdout').choices(['text', 'json']).default('text')

export const tableOptionFlag = (): Option =>
  new Option('--option <name=value>', 'an option of the table, as in table_configuration (repeatable)')
    .argParser((text: string, before: Record<string, string>) => ({ ...before, ...parsePair(text) }))
    .default({}, 'none')

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

function parsePair(text: string): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.')
  return { [text.slice(0, at)]: text.slice(at + 1) }
}

/** ISO 8601 with a zone, as milliseconds. */
export function instant(text: string): Instant {
  const value = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? parseInstant(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a time with a zone, such as 2026-01-31T08:00:00Z.')
}

/** `90s`, `15m`, `6h`, `1d`, as seconds. */
export function duration(min: number, max: number): (text: string) => number {
  return (text) => {
    // Here a number alone could be meant as minutes.
    const seconds = /[smhd]$/.test(text) ? parseDuration(text) : Number.NaN
    if (seconds >= min && seconds <= max) return seconds
    const bounds = `from ${min} seconds to ${max / 86_400} days`
    throw new InvalidArgumentError(`It must be a number with s, m, h or d, such as 15m, ${bounds}.`)
  }
}
