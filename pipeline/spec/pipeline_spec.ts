import { readFile } from 'node:fs/promises'
import type { OptionSet } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { checkShape } from './check_shape.ts'
import { checkDestinations } from './destinations.ts'
import { FileUnreadableError } from './file_unreadable_error.ts'
import type { OnNotice } from './notice.ts'
import { readableEntries } from './readable_entries.ts'
import { SpecInvalidError, type SpecProblem } from './spec_invalid_error.ts'
import { toTableJob } from './table_job.ts'
import type { PipelineSpec } from './types.ts'
import { isYamlProblem, parseYaml, type YamlDocument } from './yaml_document.ts'

export interface SpecRules {
  /** Whose tables and options the spec may name. */
  source: SourceDefinition
  /** Options of another engine: one spec serves both, so they are taken and left out, with a notice. */
  otherEngine?: { name: string; options: OptionSet }
  onNotice?: OnNotice
}

/**
 * Reads and checks a pipeline spec.
 * @throws FileUnreadableError, SpecInvalidError
 */
export async function readPipelineSpec(file: string, rules: SpecRules): Promise<PipelineSpec> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new FileUnreadableError('pipeline spec', file, error)
  }
  return parsePipelineSpec(text, file, rules)
}

/**
 * Checks the text of a pipeline spec: its shape (JSON Schema), and what it names (tables, columns, options, destinations).
 * @param file only for messages
 * @throws SpecInvalidError with every problem; of a text that is not YAML with the first one
 */
export function parsePipelineSpec(text: string, file: string, rules: SpecRules): PipelineSpec {
  const document = parseYaml(text)
  if (isYamlProblem(document)) {
    const message = `not valid YAML: ${document.reason}.`
    throw new SpecInvalidError(file, [
      { position: document.position, message, remedy: 'Mend the line; indentation and quotes are the usual causes.' },
    ])
  }
  return buildSpec(document, file, rules)
}

function buildSpec(document: YamlDocument, file: string, rules: SpecRules): PipelineSpec {
  const { source, otherEngine, onNotice = () => {} } = rules
  const shape = checkShape(document)
  const problems: SpecProblem[] = [...shape]
  const context = { document, file, source, otherEngine, problems, onNotice }
  const entries = readableEntries(document.value, shape)
  const tables = entries.map(({ table, index }) => toTableJob(table, index, context))
  // Where a destination is wrong, the default in its place is not what is meant.
  const whole = entries.filter(({ isWhole }) => isWhole)
  const jobs = tables.filter((_, at) => entries[at]!.isWhole)
  const locate = (_: unknown, at: number) => document.locate(`/objects/${whole[at]!.index}/table`, 'key')
  problems.push(...checkDestinations(jobs, { defaultSchema: source.name, catalogs: true, locate }))
  if (problems.length > 0) throw new SpecInvalidError(file, problems)
  const { connection_name } = document.value as { connection_name: string }
  return { file, connectionName: connection_name.trim(), tables }
}
