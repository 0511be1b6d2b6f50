import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isParleyError } from '../../libs/connect/error.ts'
import { type ResolvedOptions, resolveOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { type Environment, environmentName, optionsFromEnvironment } from './connection_environment.ts'
import { type ConnectionSection, readConnectionFile } from './connection_file.ts'
import { ConnectionInvalidError } from './connection_invalid_error.ts'
import { warnIfReadable } from './file_secrecy.ts'
import type { OnNotice } from './notice.ts'
import { suggest } from './suggest.ts'

export interface ConnectionRules {
  /** `--connection`; without it `configs/<source>/dev_config.json` if present, else the environment alone. */
  file?: string | undefined
  connectionName?: string | undefined
  env: Environment
  /** Where relative paths begin. */
  cwd: string
  onNotice?: OnNotice
}

export interface Connection {
  options: ResolvedOptions
  /** The file that was read; `null` when the environment gave everything. */
  file: string | null
  /** The section's name; `null` for a file without sections. */
  name: string | null
  /** Values that must never reach an output. */
  secrets: string[]
}

/**
 * The options of a connection, checked: from the file, and from `PARLEY_<SOURCE>_<OPTION>` where the file lacks one.
 * @throws FileUnreadableError, ConnectionInvalidError, ConnectionEnvMissingError
 */
export async function resolveConnection(source: SourceDefinition, rules: ConnectionRules): Promise<Connection> {
  const file = rules.file ?? defaultFile(source.name, rules.cwd)
  const section = file === undefined ? undefined : await readConnectionFile(file, rules)
  if (section !== undefined) await warnIfReadable(section, source.options, rules.onNotice)
  const raw = withEnvironment(section?.options ?? {}, optionsFromEnvironment(source.name, source.options, rules.env))
  let options: ResolvedOptions
  try {
    options = resolveOptions(source.options, raw, {
      scope: 'connection',
      unknown: 'error',
      onIgnored: (name, message) =>
        rules.onNotice?.({
          code: 'PARLEY_OPTION_IGNORED',
          message,
          file: file ?? '',
          line: section?.locate(name).line ?? 0,
        }),
    })
  } catch (error) {
    throw isParleyError(error) ? explain(error, source, section, rules.cwd) : error
  }
  return { options, file: file ?? null, name: section?.name ?? null, secrets: secretsOf(source, options) }
}

/** Where a connection is looked for without a flag, relative to the current folder. */
const defaultPath = (source: string): string => join('configs', source, 'dev_config.json')

function defaultFile(source: string, cwd: string): string | undefined {
  const path = join(cwd, defaultPath(source))
  return existsSync(path) ? relative(process.cwd(), path) || path : undefined
}

/** The file wins; an entry that it leaves empty counts as lacking. */
function withEnvironment(
  fromFile: Readonly<Record<string, unknown>>,
  fromEnvironment: Record<string, string>,
): Record<string, unknown> {
  const set = Object.entries(fromFile).filter(([, value]) => value !== null && value !== '')
  const names = new Set(set.map(([name]) => name.toLowerCase()))
  const added = Object.entries(fromEnvironment).filter(([name]) => !names.has(name.toLowerCase()))
  return Object.fromEntries([...set, ...added])
}

/** Says where the option stands, or how to add one that is missing. */
function explain(
  error: Error & { code: string; remedy: string; details: Record<string, unknown> },
  source: SourceDefinition,
  section: ConnectionSection | undefined,
  cwd: string,
): Error {
  const option = String(error.details.option)
  const variable = environmentName(source.name, option)
  const key = Object.keys(section?.options ?? {}).find((name) => name.toLowerCase() === option.toLowerCase())
  const place =
    section === undefined
      ? undefined
      : { file: section.file, ...(key === undefined ? {} : { position: section.locate(key) }) }
  const init = { cause: error, details: { option, cause_code: error.code } }
  if (error.code === 'PARLEY_OPTION_MISSING') {
    if (section === undefined) {
      const looked = `There is no ${defaultPath(source.name)} in ${cwd}, and no --connection was given. `
      return new ConnectionInvalidError(place, `${looked}${error.message}`, {
        ...init,
        remedy: `Make that file, or name another with --connection FILE, or set ${variable}.`,
      })
    }
    return new ConnectionInvalidError(place, error.message, {
      ...init,
      remedy: `Add ${option} to ${section.file}, or set ${variable}.`,
    })
  }
  if (error.code === 'PARLEY_OPTION_UNKNOWN') {
    const tableOption = source.options[option.toLowerCase()]?.scope === 'table'
    const known = Object.keys(source.options).filter((name) => source.options[name]!.scope === 'connection')
    const near = suggest(option, known)
    const remedy = tableOption
      ? `${option} is an option of a table: move it to table_configuration in the pipeline spec.`
      : undefined
    return new ConnectionInvalidError(place, error.message, {
      ...init,
      remedy: remedy ?? `${near === undefined ? '' : `Did you mean ${near}? `}${error.remedy}`,
    })
  }
  const remedy = key === undefined ? error.remedy.replace(`Set ${option} to`, `Set ${variable} to`) : error.remedy
  return new ConnectionInvalidError(place, error.message, { ...init, remedy })
}

function secretsOf(source: SourceDefinition, options: ResolvedOptions): string[] {
  return Object.entries(source.options).flatMap(([name, spec]) => {
    const value = options[name]
    return spec.secret && typeof value === 'string' ? [value] : []
  })
}
