import { dump } from 'js-yaml'
import type { OptionSpec } from '../libs/connect/options.ts'
import type { SourceDefinition } from '../libs/connect/source.ts'

interface Parameter {
  name: string
  type: 'string'
  required: boolean
  secret?: true
  description: string
}

const HEAD = '# Made from the declarations of this source by `npm run docs`; do not edit.\n'

/**
 * The source's `connector_spec.yaml`: what a Databricks connection asks for, and every table option it lets through,
 * the source's own and those of the Spark reader.
 * Where the source takes one of several secrets, each is a way to sign in, and exactly one has to be complete.
 */
export function connectorSpec(source: SourceDefinition, sparkOptions: readonly string[]): string {
  const connection = entries(source, 'connection').filter(([, { ignored }]) => ignored === undefined)
  // What another option needs is no way to sign in.
  const needed = new Set(connection.map(([, { needs }]) => needs))
  const alternatives = connection.filter(([name, { secret, required }]) => secret && !required && !needed.has(name))
  const shared = connection.filter((entry) => alternatives.length < 2 || !alternatives.includes(entry))
  const spec = {
    display_name: source.displayName,
    connection: {
      parameters: shared.map(parameter),
      ...(alternatives.length < 2 ? {} : { auth_methods: alternatives.map(authMethod) }),
    },
    external_options_allowlist: [...entries(source, 'table').map(([name]) => name), ...sparkOptions].join(','),
  }
  return HEAD + dump(spec, { lineWidth: -1 })
}

function entries(source: SourceDefinition, scope: OptionSpec['scope']): [string, OptionSpec][] {
  return Object.entries(source.options).filter(([, option]) => option.scope === scope)
}

function parameter([name, option]: [string, OptionSpec]): Parameter {
  const { description, required = false, secret } = option
  const fallback = option.default === undefined ? '' : ` Default: ${option.default}.`
  return { name, type: 'string', required, ...(secret ? { secret: true } : {}), description: description + fallback }
}

function authMethod([name, option]: [string, OptionSpec]) {
  return {
    name,
    description: option.description,
    parameters: [parameter([name, { ...option, required: true }])],
  }
}
