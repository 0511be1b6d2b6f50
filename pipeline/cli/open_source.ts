import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { Context } from './context.ts'
import type { ConnectionFlags } from './flags.ts'
import type { Observing } from './observing.ts'

export interface OpenSource {
  options: ResolvedOptions
  observing: Observing
}

/** The options of a source's connection, and warnings on stderr: what `read` and `check` begin with. Close `observing`. */
export async function openSource(
  context: Context,
  source: SourceDefinition,
  flags: ConnectionFlags,
): Promise<OpenSource> {
  const { resolveConnection } = await import('../spec/connection.ts')
  const { emitNotices, startObserving } = await import('./observing.ts')
  const notices: SpecNotice[] = []
  const { env, cwd } = context.io
  const rules = {
    file: flags.connection,
    connectionName: flags.connectionName,
    env,
    cwd,
    onNotice: (notice: SpecNotice) => void notices.push(notice),
  }
  const connection = await resolveConnection(source, rules)
  context.secrets.push(...connection.secrets)
  const observing = startObserving(context, { progress: 'warnings' })
  emitNotices(notices, observing.observer)
  return { options: connection.options, observing }
}
