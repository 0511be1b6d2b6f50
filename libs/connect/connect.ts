import { type LakeflowConnect, lakeflow } from './lakeflow.ts'
import { resolveOptions } from './options.ts'
import { processRuntime } from './process_runtime.ts'
import type { Closable, Runtime, SourceDefinition } from './source.ts'

/**
 * Opens a source for reading from a program. Makes no request until a table is read; `close()` ends its sockets.
 *
 * ```ts
 * const teams = connect(microsoftTeams, { tenant_id, client_id, client_secret })
 * for await (const { records, offset } of teams.readTable('messages', null)) await store(records, offset)
 * await teams.close()
 * ```
 *
 * @param options connection options as in a connection file
 * @throws OptionUnknownError, OptionMissingError, OptionInvalidError
 */
export function connect<C extends Closable>(
  source: SourceDefinition<C>,
  options: Readonly<Record<string, unknown>>,
  runtime: Runtime = processRuntime(),
): LakeflowConnect {
  return lakeflow(source, resolveOptions(source.options, options, { scope: 'connection', unknown: 'error' }), runtime)
}
