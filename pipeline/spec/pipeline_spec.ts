import { readFile } from 'node:fs/promises'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { checkShape } from './check_shape.ts'
import { checkDestinations } from './destinations.ts'
import { FileUnreadableError } from './file_unreadable_error.ts'
import type { OnNotice } from './notice.ts'
import { SpecInvalidError, type SpecProblem } from './spec_invalid_error.ts'
import { toTableJob } from './table_job.ts'
import type { PipelineSpec } from './types.ts'
import { isYamlProblem, parseYaml, type YamlDocument } from './yaml_document.ts'

export interface SpecRules {
  /** Whose tables and options the spec may name. */
  source: SourceDefinition
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
 * Checks the text of a pipeline spec: shape first (JSON Schema), then what it names (tables, columns, options, destinations).
 * @param file only for messages
 * @throws SpecInvalidError with every problem of the stage that failed
 */
export function parsePipelineSpec(text: string, file: string, rules: SpecRules): PipelineSpec {
  const document = parseYaml(text)
  if (isYamlProblem(document)) {
    const message = `not valid YAML: ${document.reason}.`
    throw new SpecInvalidError(file, [
      { position: document.position, message, remedy: 'Mend the line; indentation and quotes are the usual causes.' },
    ])
  }
  const shape = checkShape(document)
  if (shape.length > 0) throw new SpecInvalidError(file, shape)
  return buildSpec(document, file, rules)
}

function buildSpec(document: YamlDocument, file: string, { source, onNotice = () => {} }: SpecRules): PipelineSpec {
  const raw = document.value as { connection_name: string; objects: { table: Parameters<typeof toTableJob>[0] }[] }
  const problems: SpecProblem[] = []
  const context = { document, file, source, problems, onNotice }
  const tables = raw.objects.map(({ table }, index) => toTableJob(table, index, context))
  const locate = (_: unknown, index: number) => document.locate(`/objects/${index}/table`, 'key')
  problems.push(...checkDestinations(tables, { defaultSchema: source.name, catalogs: true, locate }))
  if (problems.length > 0) throw new SpecInvalidError(file, problems)
  return { file, connectionName: raw.connection_name.trim(), tables }
}
