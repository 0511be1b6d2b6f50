import { type ResolvedOptions, resolveOptions } from '../../../libs/connect/options.ts'
import { processRuntime, shareOfEnvironment } from '../../../libs/connect/process_runtime.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import type { Observer } from '../../../libs/observe/events.ts'
import type { ChildRequest } from './request.ts'

/** Several children share an executor's memory, so each keeps less in flight than a sync on its own machine. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024

/** Builds the client; makes no request yet. @throws OptionMissingError, OptionInvalidError for connection options */
export function openConnection<C extends Closable>(
  source: SourceDefinition<C>,
  { options: raw, rate_share = 1, partition_rate_share = rate_share }: ChildRequest,
  observer: Observer,
): { connection: C; options: ResolvedOptions } {
  const options = resolveOptions(source.options, raw, { scope: 'connection', unknown: 'ignore' })
  const share = shareOfEnvironment()
  const runtime = processRuntime(observer, rate_share * share, partition_rate_share * share)
  return { options, connection: source.connect(options, { ...runtime, maxMemoryBytes: MAX_MEMORY_BYTES }) }
}
