import { readFile } from 'node:fs/promises'
import { ConnectionEnvMissingError } from './connection_env_missing_error.ts'
import { type Environment, substitute } from './connection_environment.ts'
import { ConnectionInvalidError } from './connection_invalid_error.ts'
import { FileUnreadableError } from './file_unreadable_error.ts'
import { suggestRemedy } from './suggest.ts'
import { isYamlProblem, parseYaml, type YamlDocument } from './yaml_document.ts'
import { escapePointer, type Position } from './yaml_positions.ts'

/** The raw options of one connection, with the places they come from. */
export interface ConnectionSection {
  file: string
  /** The section's name; `null` for a file that holds one connection only. */
  name: string | null
  options: Record<string, unknown>
  /** Every section of the file as it is written, variables not yet replaced. */
  sections: Readonly<Record<string, unknown>>[]
  /** Of an option in the file (its key), or of the section itself. */
  locate(option?: string): Position
}

export interface ConnectionFileRules {
  env: Environment
  /** Picks a section of a file with several. */
  connectionName?: string | undefined
}

/**
 * Reads a connection file: one connection's options (`dev_config.json`), or named sections, as JSON or YAML.
 * `${NAME}` in a text is replaced by the environment's value, in the picked section only.
 * @throws FileUnreadableError, ConnectionInvalidError, ConnectionEnvMissingError
 */
export async function readConnectionFile(file: string, rules: ConnectionFileRules): Promise<ConnectionSection> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new FileUnreadableError('connection file', file, error)
  }
  return parseConnectionFile(text, file, rules)
}

/** The text of a connection file; see `readConnectionFile`. */
export function parseConnectionFile(text: string, file: string, rules: ConnectionFileRules): ConnectionSection {
  const document = parseYaml(text)
  if (isYamlProblem(document)) {
    throw new ConnectionInvalidError(
      { file, position: document.position },
      // The parser's reason may quote the text, and the text may be a secret.
      'not valid JSON or YAML.',
      {
        remedy: 'Mend the line; a missing comma or quote is the usual cause.',
      },
    )
  }
  if (!isMapping(document.value)) {
    throw new ConnectionInvalidError(
      { file, position: document.locate('') },
      'a connection file is a mapping of options, or of named sections.',
      {
        remedy: 'Write {"option": "value", …}, or a name for each connection with its options below it.',
      },
    )
  }
  const { name, pointer, section } = pickSection(document, document.value, file, rules.connectionName)
  const locate = (option?: string) =>
    option === undefined
      ? document.locate(pointer, 'key')
      : document.locate(`${pointer}/${escapePointer(option)}`, 'key')
  const sections = name === null ? [section] : Object.values(document.value).filter(isMapping)
  return { file, name, options: expand(section, document, pointer, file, rules.env), sections, locate }
}

type Mapping = Record<string, unknown>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A file whose every value is a mapping holds sections; an option's value never is one. */
function pickSection(document: YamlDocument, root: Mapping, file: string, wanted: string | undefined) {
  const names = Object.keys(root)
  const sections = names.filter((name) => isMapping(root[name]))
  if (sections.length === 0) return { name: null, pointer: '', section: root }
  const loose = names.find((name) => !isMapping(root[name]))
  if (loose !== undefined) {
    const position = document.locate(`/${escapePointer(loose)}`, 'key')
    throw new ConnectionInvalidError({ file, position }, `${loose} stands between named sections.`, {
      remedy: 'Put every option below the name of its connection, or leave the names out.',
    })
  }
  const name = wanted ?? (sections.length === 1 ? sections[0]! : undefined)
  if (name === undefined) {
    throw new ConnectionInvalidError({ file }, `there are ${sections.length} connections, and none was picked.`, {
      remedy: `Pick one with --connection-name: ${sections.join(', ')}.`,
      details: { connections: sections },
    })
  }
  if (!sections.includes(name)) {
    throw new ConnectionInvalidError({ file }, `there is no connection ${name}.`, {
      remedy: suggestRemedy(name, sections),
      details: { connections: sections },
    })
  }
  return { name, pointer: `/${escapePointer(name)}`, section: root[name] as Mapping }
}

function expand(section: Mapping, document: YamlDocument, pointer: string, file: string, env: Environment): Mapping {
  const options: Mapping = {}
  for (const [option, value] of Object.entries(section)) {
    const missing = (name: string): never => {
      throw new ConnectionEnvMissingError(file, document.locate(`${pointer}/${escapePointer(option)}`), name)
    }
    options[option] = typeof value === 'string' ? substitute(value, env, missing) : value
  }
  return options
}
