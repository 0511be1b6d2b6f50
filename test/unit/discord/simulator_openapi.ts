import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

interface Schema {
  type?: string
  $ref?: string
  allOf?: Schema[]
  oneOf?: ({ const?: unknown } & Schema)[]
  enum?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
}

interface Document {
  paths: Record<string, { get: { responses: Record<string, { $ref?: string }> } }>
  components: { schemas: Record<string, Schema> }
}

/** A check of JSON against Discord's OpenAPI 3.1 file. */
export interface SchemaChecker {
  /** Errors of `value` against the answer of a path; empty when it fits. */
  check(path: string, status: string, value: unknown): string[]
  /** Members that a component declares. */
  members(component: string): Set<string>
}

/** Discord writes `+00:00`, six digits or none (reference §1). */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/

/**
 * Where docs and description disagree the docs hold (the description's own README says so), and the description is
 * amended: media channels (16) and forwards (reference type 1) exist, message types are an open set, and the
 * codes of wrong fields are words.
 */
function followDocs({ components: { schemas } }: Document): void {
  schemas.FieldError = { properties: { code: { type: 'string' }, message: { type: 'string' } } }
  schemas.ChannelTypes!.oneOf!.push({ const: 16 })
  schemas.GuildChannelResponse!.properties!.type!.enum!.push(16)
  schemas.MessageReferenceType!.oneOf!.push({ const: 1 })
  schemas.MessageType!.oneOf!.push({ const: 63 })
  schemas.InnerErrors!.properties!._errors = { type: 'array', items: schemas.FieldError }
}

export function discordChecker(file: string): SchemaChecker {
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document
  followDocs(document)
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: {
      'date-time': DATE_TIME,
      uri: (text: string) => URL.canParse(text),
      snowflake: true,
      nonce: true,
      int32: { type: 'number', validate: (value: number) => Number.isInteger(value) && Math.abs(value) <= 2 ** 31 },
      int64: true,
      double: true,
    },
  })
  ajv.addSchema({ $id: 'openapi', ...document })
  const compiled = new Map<string, ValidateFunction>()
  return {
    check: (path, status, value) => {
      const response = document.paths[path]!.get.responses[status]!
      const base = response.$ref ?? `#/paths/${pointer(path)}/get/responses/${status}`
      const ref = `openapi${base}/content/application~1json/schema`
      if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }))
      const validate = compiled.get(ref)!
      return validate(value)
        ? []
        : (validate.errors ?? []).map(
            (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
          )
    },
    members: (component) => new Set(Object.keys(document.components.schemas[component]!.properties ?? {})),
  }
}

function pointer(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))
}
