import { AnonymizeRawError } from '../../libs/anonymize/anonymize_raw_error.ts'
import { anonymizerOf } from '../../libs/anonymize/options.ts'
import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { SpecNotice } from '../spec/notice.ts'
import { SPARK_OPTIONS } from '../spec/spark_options.ts'
import type { SyncPlan } from '../sync/types.ts'
import type { Context } from './context.ts'
import type { ConnectionFlags } from './flags.ts'
import { loadSource } from './load_source.ts'

/** What names the tables of a run: a spec, or else every table of the source. */
export interface PlanFlags extends ConnectionFlags {
  source: string
  tables?: string[]
}

/** Reads the files that the flags name. Loads the parsers only here: other commands start faster without them. */
export async function buildPlan(
  context: Context,
  file: string | undefined,
  flags: PlanFlags,
  notices: SpecNotice[],
): Promise<SyncPlan> {
  const { source } = await loadSource(flags.source)
  const [{ readPipelineSpec }, { resolveConnection }, { pickTables, toSyncJobs, wholeSource }] = await Promise.all([
    import('../spec/pipeline_spec.ts'),
    import('../spec/connection.ts'),
    import('./sync_plan.ts'),
  ])
  const onNotice = (notice: SpecNotice): void => void notices.push(notice)
  const whole =
    file === undefined
      ? wholeSource(source, flags.connectionName ?? source.name)
      : await readPipelineSpec(file, { source, otherEngine: { name: 'Spark', options: SPARK_OPTIONS }, onNotice })
  const spec = pickTables(whole, flags.tables)
  const { env, cwd } = context.io
  // Without a spec and a name, a file with a single section is picked whatever its name.
  const connectionName = flags.connectionName ?? (file === undefined ? undefined : spec.connectionName)
  const connection = await resolveConnection(source, { file: flags.connection, connectionName, env, cwd, onNotice })
  context.secrets.push(...connection.secrets)
  const jobs = toSyncJobs(source, spec, onNotice, env)
  assertCleanable(connection.options, jobs)
  return {
    source,
    connectionName:
      flags.connectionName ?? (file === undefined ? (connection.name ?? source.name) : spec.connectionName),
    connectionOptions: connection.options,
    jobs,
  }
}

/** Before anything is read or opened. */
function assertCleanable(options: ResolvedOptions, jobs: SyncPlan['jobs']): void {
  const raw = jobs.find((job) => job.options.include_raw === true)
  if (raw !== undefined && anonymizerOf(options) !== null) throw new AnonymizeRawError(raw.table.name)
}
