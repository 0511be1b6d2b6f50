import {
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  type Event,
  intCoreTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
} from 'js-yaml'
import { type Position, YamlPositions } from './yaml_positions.ts'

/** A YAML (or JSON) text with its value and the places of its nodes. */
export interface YamlDocument {
  value: unknown
  locate(pointer: string, part?: 'key' | 'value'): Position
}

/** What js-yaml refused, with the place; the caller wraps it in the error of its own file kind. */
export interface YamlProblem {
  reason: string
  position: Position
}

/**
 * Whole numbers beyond 2^53 stay text: an unquoted Discord id would lose its last digits as a number.
 */
const exactIntTag = defineScalarTag<number | string>(intCoreTag.tagName, {
  implicit: true,
  implicitFirstChars: intCoreTag.implicitFirstChars,
  identify: () => false,
  resolve(source, isExplicit, tagName) {
    const value = intCoreTag.resolve(source, isExplicit, tagName)
    return value === NOT_RESOLVED || Number.isSafeInteger(value) ? value : source
  },
})

/** YAML 1.2 (dates and `yes` stay text) with merge keys, which PyYAML knows too. */
const schema = CORE_SCHEMA.withTags(mergeTag, exactIntTag)

/** Parses one document. JSON is YAML, so both go through here. */
export function parseYaml(source: string): YamlDocument | YamlProblem {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  try {
    const events = parseEvents(text, { maxDepth: 32 })
    const documents = constructFromEvents(events, { source: text, schema, maxAliases: 100 })
    if (documents.length > 1) return { reason: 'there is more than one document', position: secondDocument(text) }
    const positions = new YamlPositions(text, events as readonly Event[])
    return { value: documents[0] ?? null, locate: (pointer, part) => positions.locate(pointer, part) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const { line = 0, column = 0 } = error.mark ?? {}
    return { reason: error.reason, position: { line: line + 1, column: column + 1 } }
  }
}

export function isYamlProblem(parsed: YamlDocument | YamlProblem): parsed is YamlProblem {
  return 'reason' in parsed
}

function secondDocument(text: string): Position {
  const lines = text.split(/\r\n|\r|\n/)
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('---'))
  const mark = lines.findIndex((line, index) => index > first && /^---(\s|$)/.test(line))
  return { line: Math.max(mark, 0) + 1, column: 1 }
}
