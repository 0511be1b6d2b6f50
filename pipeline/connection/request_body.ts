import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { environmentName } from '../spec/connection_environment.ts'
import { allowedOptions } from './allow_list.ts'
import { connectionOptions } from './connection_options.ts'

/** What `POST /api/2.1/unity-catalog/connections` takes. */
export interface ConnectionBody {
  name: string
  connection_type: 'COMMUNITY'
  options: Record<string, string>
}

/**
 * @param values options of the connection, as texts
 * @param reader see `allowedOptions`
 */
export function connectionBody(
  source: SourceDefinition,
  name: string,
  values: Readonly<Record<string, string>>,
  reader?: readonly string[],
): ConnectionBody {
  const allowed = allowedOptions(source, reader).join(',')
  const options = { sourceName: source.name, externalOptionsAllowList: allowed, ...values }
  return { name, connection_type: 'COMMUNITY', options }
}

/** `${PARLEY_DISCORD_BOT_TOKEN}` in the place of each value that has to be given; of several ways to sign in, the first. */
export function placeholders(source: SourceDefinition): Record<string, string> {
  const { shared, signIn } = connectionOptions(source)
  const needed = [...shared.filter(([, { required }]) => required), ...signIn.slice(0, 1)]
  return Object.fromEntries(needed.map(([name]) => [name, `\${${environmentName(source.name, name)}}`]))
}

/** Checked options as the texts that Unity Catalog keeps, without those that say what holds anyway. */
export function optionTexts({ options }: SourceDefinition, resolved: ResolvedOptions): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(resolved)) {
    if (value === undefined || value === options[name]!.default) continue
    texts[name] = Array.isArray(value) ? JSON.stringify(value) : String(value)
  }
  return texts
}
