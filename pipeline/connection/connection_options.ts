import type { OptionSpec } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'

/** An option with its name, as a source declares it. */
export type DeclaredOption = readonly [name: string, option: OptionSpec]

/** The options that a connection asks for, by what they are to it. */
export interface ConnectionOptions {
  /** Where the source takes one of several secrets: those, in the order of preference. Empty where there is no choice. */
  signIn: DeclaredOption[]
  /** All others, in the order of their declaration. */
  shared: DeclaredOption[]
}

/** Options of the connection, without those that do nothing. */
export function connectionOptions({ options }: Pick<SourceDefinition, 'options'>): ConnectionOptions {
  const asked = Object.entries(options).filter(
    ([, { scope, ignored }]) => scope === 'connection' && ignored === undefined,
  )
  // What another option needs is no way to sign in.
  const needed = new Set(asked.map(([, { needs }]) => needs))
  const secrets = asked.filter(([name, { secret, required }]) => secret && !required && !needed.has(name))
  const signIn = secrets.length < 2 ? [] : secrets
  return { signIn, shared: asked.filter((one) => !signIn.includes(one)) }
}
