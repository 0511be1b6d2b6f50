import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { load } from 'js-yaml'

interface Schema {
  $ref?: string
  allOf?: Schema[]
  properties?: Record<string, Schema>
  'x-omitted-properties'?: string[]
}

/** A check of JSON against the component schemas of an OpenAPI 3.0 file. */
export interface SchemaChecker {
  /** Errors of `value` against the answer of a path; empty when it fits. */
  check(path: string, status: number, value: unknown): string[]
  /** Members that a component declares, inherited ones included. */
  members(component: string): Set<string>
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/

/** OpenAPI 3.0 is close to JSON Schema: `nullable` is ajv's own word, `x-…` is left aside. */
export function openapiChecker(file: string): SchemaChecker {
  const document = load(readFileSync(file, 'utf8')) as {
    paths: Record<string, { get: { responses: Record<string, { $ref?: string }> } }>
    components: { schemas: Record<string, Schema> }
  }
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { 'date-time': DATE_TIME, int32: true, int64: true, base64url: true },
  })
  ajv.addSchema({ $id: 'openapi', ...document })
  const compiled = new Map<string, ValidateFunction>()
  return {
    check: (path, status, value) => {
      const responses = document.paths[path]!.get.responses
      const named = responses[String(status)] ? String(status) : 'default'
      const base = responses[named]?.$ref ?? `#/paths/${pointer(path)}/get/responses/${named}`
      const ref = `openapi${base}/content/application~1json/schema`
      if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }))
      const validate = compiled.get(ref)!
      return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
    },
    members: (component) => membersOf(document.components.schemas, component),
  }
}

function pointer(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function membersOf(schemas: Record<string, Schema>, name: string): Set<string> {
  const found = new Set<string>()
  const visit = (schema: Schema): void => {
    if (schema.$ref) visit(schemas[schema.$ref.split('/').at(-1)!]!)
    for (const part of schema.allOf ?? []) visit(part)
    for (const member of Object.keys(schema.properties ?? {})) found.add(member)
  }
  visit(schemas[name]!)
  return found
}
