import { dump } from 'js-yaml'
import type { SourceDefinition } from '../libs/connect/source.ts'
import { allowedOptions } from '../pipeline/connection/allow_list.ts'
import { connectionOptions, type DeclaredOption } from '../pipeline/connection/connection_options.ts'

interface Parameter {
  name: string
  type: 'string'
  required: boolean
  secret?: true
  description: string
}

const HEAD = '# Made from the declarations of this source by `npm run docs`; do not edit.\n'

/**
 * The source's `connector_spec.yaml`: what a Databricks connection asks for, and every option of a reader that it lets
 * through. Where the source takes one of several secrets, each is a way to sign in, and exactly one has to be complete.
 * @param reader options that the Spark reader understands by itself
 */
export function connectorSpec(source: SourceDefinition, reader: readonly string[]): string {
  const { shared, signIn } = connectionOptions(source)
  const spec = {
    display_name: source.displayName,
    connection: {
      parameters: shared.map(parameter),
      ...(signIn.length === 0 ? {} : { auth_methods: signIn.map(authMethod) }),
    },
    external_options_allowlist: allowedOptions(source, reader).join(','),
  }
  return HEAD + dump(spec, { lineWidth: -1 })
}

function parameter([name, option]: DeclaredOption): Parameter {
  const { description, required = false, secret } = option
  const fallback = option.default === undefined ? '' : ` Default: ${option.default}.`
  return { name, type: 'string', required, ...(secret ? { secret: true } : {}), description: description + fallback }
}

function authMethod([name, option]: DeclaredOption) {
  return {
    name,
    description: option.description,
    parameters: [parameter([name, { ...option, required: true }])],
  }
}
