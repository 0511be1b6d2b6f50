import { stat } from 'node:fs/promises'
import type { OptionSet } from '../../libs/connect/options.ts'
import { withoutVariables } from './connection_environment.ts'
import type { ConnectionSection } from './connection_file.ts'
import type { OnNotice } from './notice.ts'

/** How the secrets of simulators begin: they open nothing but a local server. */
const SIMULATED = 'sim~'

/**
 * Says so when everybody can read a file with a secret in it, in whichever section. `${NAME}` is none.
 * A warning, not a refusal: on some mounts every file shows as readable by all.
 */
export async function warnIfReadable(
  { file, sections }: Pick<ConnectionSection, 'file' | 'sections'>,
  declared: OptionSet,
  onNotice: OnNotice | undefined,
): Promise<void> {
  if (process.platform === 'win32' || !sections.some((section) => holdsSecret(section, declared))) return
  const { mode } = await stat(file)
  if ((mode & 0o004) === 0) return
  onNotice?.({
    code: 'PARLEY_CONNECTION_FILE_READABLE',
    message: 'Everybody on this machine can read this file with its secrets; `chmod 600` it.',
    file,
    line: 1,
  })
}

function holdsSecret(options: Readonly<Record<string, unknown>>, declared: OptionSet): boolean {
  return Object.entries(options).some(([name, value]) => {
    const literal = declared[name.toLowerCase()]?.secret === true && withoutVariables(String(value ?? '')).trim()
    return literal && !literal.startsWith(SIMULATED)
  })
}
