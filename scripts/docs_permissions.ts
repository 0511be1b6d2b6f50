import { resolveOptions } from '../libs/connect/options.ts'
import { processRuntime } from '../libs/connect/process_runtime.ts'
import type { SourceModule } from '../sources/registry.ts'
import { code, markdownTable } from './docs_parts.ts'

/** Which permission each table needs: what `parley check` says, asked of the source's own simulator. */
export async function permissionTable({ source, startSimulator }: SourceModule): Promise<string> {
  const simulator = await startSimulator({ port: 0, seed: 1, size: 'sample', throttle: 'off', latencyMs: 0 })
  const options = resolveOptions(source.options, { ...simulator.connection }, { scope: 'connection', unknown: 'error' })
  const connection = source.connect(options, processRuntime())
  try {
    const permissions = await source.check(connection, options, AbortSignal.timeout(60_000))
    const rows = permissions.map(({ table, permission }) => [code(table), code(permission)])
    return markdownTable(['table', 'least application permission'], rows)
  } finally {
    await connection.close()
    await simulator.close()
  }
}
