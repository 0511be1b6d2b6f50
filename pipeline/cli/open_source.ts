import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { Context } from './context.ts'
import type { ConnectionFlags } from './flags.ts'
import { loadSource } from './load_source.ts'
import type { Observing } from './observing.ts'

export interface OpenSource {
  source: SourceDefinition
  options: ResolvedOptions
  observing: Observing
}

/** The source, its connection's options, and warnings on stderr: what `read` and `check` begin with. Close `observing`. */
export async function openSource(context: Context, name: string, flags: ConnectionFlags): Promise<OpenSource> {
  const { source } = await loadSource(name)
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
  return { source, options: connection.options, observing }
}
