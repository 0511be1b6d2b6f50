import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import schema from './pipeline_spec.schema.json' with { type: 'json' }
import type { SpecProblem } from './spec_invalid_error.ts'
import { suggest, suggestRemedy } from './suggest.ts'
import type { YamlDocument } from './yaml_document.ts'
import { escapePointer } from './yaml_positions.ts'

/** The schema's own description is a title for editors, not the end of a sentence. */
const WHOLE_SPEC = 'a mapping with connection_name and objects, one entry a table'

let validate: ValidateFunction | undefined

/** What is wrong with the shape, and the JSON pointer of the value that it is about. */
export interface ShapeProblem extends SpecProblem {
  path: string
}

/** Checks keys and types against `pipeline_spec.schema.json`, the same file that editors use. Answers every problem. */
export function checkShape(document: YamlDocument): ShapeProblem[] {
  validate ??= new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema)
  if (validate(document.value)) return []
  const errors = validate.errors ?? []
  return errors
    .filter((error) => !isMistyped(error, errors))
    .map((error) => ({ ...toProblem(error, document), path: error.instancePath }))
}

/** A required key that is there, but mistyped, is one problem and not two. */
function isMistyped(missing: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some(
    ({ keyword, instancePath, params }) =>
      missing.keyword === 'required' &&
      keyword === 'additionalProperties' &&
      instancePath === missing.instancePath &&
      suggest(String(params.additionalProperty), [String(missing.params.missingProperty)]) !== undefined,
  )
}

/** `/objects/0/table` is `table`, `/objects/0` is `objects[0]`. */
function nameOf(path: string): string {
  const [last, parent] = path.split('/').reverse()
  if (!last) return 'the spec'
  return /^\d+$/.test(last) ? `${parent}[${last}]` : last
}

function toProblem(error: ErrorObject, document: YamlDocument): SpecProblem {
  const path = error.instancePath
  const place = nameOf(path)
  const parent = error.parentSchema as { description?: string; properties?: object } | undefined
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty)
    return {
      position: document.locate(`${path}/${escapePointer(key)}`, 'key'),
      message: `there is no key ${key} in ${place}.`,
      remedy: suggestRemedy(key, Object.keys(parent?.properties ?? {})),
    }
  }
  if (error.keyword === 'required') {
    const key = String(error.params.missingProperty)
    return {
      position: document.locate(path, 'key'),
      message: `${place} has no ${key}.`,
      remedy: `Add ${key}: ${describe(key)}.`,
    }
  }
  return {
    position: document.locate(path),
    message: `${place} is ${show(error.data)}.`,
    remedy: `Write ${path === '' ? WHOLE_SPEC : (parent?.description ?? 'a value of another type')}.`,
  }
}

function describe(key: string): string {
  for (const part of [schema, schema.definitions.object, schema.definitions.table]) {
    const property = (part.properties as Record<string, { description?: string }>)[key]
    if (property?.description !== undefined) return property.description
  }
  return 'a mapping with source_table, a destination and table_configuration'
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string')
    return value.trim() === '' ? 'a blank text' : `the text ${JSON.stringify(value.slice(0, 60))}`
  return `the ${typeof value} ${String(value)}`
}
