import { type OptionSet, resolveOptions } from '../../libs/connect/options.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET`: where the environment may hold an option that the file lacks. */
export function environmentName(source: string, option: string): string {
  return `PARLEY_${source}_${option}`.toUpperCase()
}

/** Options of the connection that the environment sets; an empty variable counts as not set. */
export function optionsFromEnvironment(source: string, declared: OptionSet, env: Environment): Record<string, string> {
  const options: Record<string, string> = {}
  for (const [option, spec] of Object.entries(declared)) {
    const value = env[environmentName(source, option)]
    if (spec.scope === 'connection' && value) options[option] = value
  }
  return options
}

/**
 * Table options that name an environment variable which is set: defaults for every table of a sync.
 * @throws OptionInvalidError that names the variable
 */
export function tableOptionsFromEnvironment(declared: OptionSet, env: Environment): Record<string, string> {
  const options: Record<string, string> = {}
  for (const [option, spec] of Object.entries(declared)) {
    if (spec.scope !== 'table' || spec.environment === undefined) continue
    const value = env[spec.environment]
    if (!value) continue
    resolveOptions({ [spec.environment]: spec }, { [spec.environment]: value }, { scope: 'table', unknown: 'error' })
    options[option] = value
  }
  return options
}

const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** What a text says itself, apart from the variables that it names. */
export function withoutVariables(text: string): string {
  return text.replace(VARIABLE, (whole, dollar: string) => (dollar === '$' ? whole : ''))
}

/**
 * Replaces `${NAME}` by the environment's value; `$${NAME}` stays as `${NAME}`. Anything else with a `$` is left alone: secrets may hold one.
 * @param missing called with the first name that the environment lacks; must throw
 */
export function substitute(text: string, env: Environment, missing: (name: string) => never): string {
  return text.replace(VARIABLE, (whole, dollar: string, name: string) => {
    if (dollar === '$') return whole.slice(1)
    return env[name] ?? missing(name)
  })
}
