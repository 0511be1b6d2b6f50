import { Command, Option } from 'commander'
import { isParleyError } from '../../libs/connect/error.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { DestinationAddress, RunResult, SyncPlan } from '../sync/types.ts'
import { UNIT_BOUNDS, type UnitBounds } from '../sync/unit.ts'
import type { Context } from './context.ts'
import { companionFolder, DEFAULT_DESTINATION, parseDestination } from './destination_url.ts'
import { exitCodeOfResult } from './exit_code.ts'
import {
  type ConnectionFlags,
  connectionFlag,
  connectionNameFlag,
  type OutputFormat,
  outputFlag,
  wholeNumber,
} from './flags.ts'
import { loadSource } from './load_source.ts'
import type { Observing, ProgressMode } from './observing.ts'

interface SyncFlags extends ConnectionFlags {
  source: string
  destination: string
  tables?: string[]
  workers?: number
  waitLock?: boolean
  output: OutputFormat
  progress: ProgressMode
}

/** `parley sync [SPEC] --source S`: reads what is new into the destination. */
export function syncCommand(context: Context): Command {
  return new Command('sync')
    .description('read what is new into the destination')
    .argument('[spec]', 'pipeline spec (YAML); without it every table of the source, with defaults')
    .requiredOption('--source <source>', 'source to read, for example microsoft_teams')
    .addOption(connectionFlag())
    .addOption(connectionNameFlag())
    .option('--destination <url>', 'where the rows go', DEFAULT_DESTINATION)
    .option('--tables <a,b>', 'only these tables of the spec', (text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .option('--workers <n>', 'partitions read at the same time', wholeNumber(1, 256))
    .option('--wait-lock', 'wait while another process holds the destination, for an hour at most')
    .addOption(outputFlag())
    .addOption(
      new Option('--progress <mode>', 'on stderr').choices(['auto', 'bar', 'plain', 'json', 'none']).default('auto'),
    )
    .action((spec: string | undefined, flags: SyncFlags) => sync(context, spec, flags))
}

async function sync(context: Context, file: string | undefined, flags: SyncFlags): Promise<void> {
  const destination = parseDestination(flags.destination)
  const notices: SpecNotice[] = []
  const plan = await buildPlan(context, file, flags, notices)
  const { emitNotices, startObserving } = await import('./observing.ts')
  const observing = startObserving(context, { progress: flags.progress, folder: companionFolder(destination) })
  emitNotices(notices, observing.observer)
  const result = await run(context, plan, destination, observing).finally(observing.close)
  await printResult(context, result, flags.output, observing)
  context.exitCode = exitCodeOfResult(result, context.signals.received())
}

async function run(
  { signals, io }: Context,
  plan: SyncPlan,
  destination: DestinationAddress,
  { observer }: Observing,
): Promise<RunResult> {
  const [{ runSync }, { commandRuntime }] = await Promise.all([import('../sync/index.ts'), import('./runtime.ts')])
  const bounds = unitBounds(io.env.PARLEY_UNIT_ROWS)
  const sayStopping = (): void =>
    observer({
      type: 'notice',
      code: 'PARLEY_STOPPING',
      message: 'Stopping after the unit in hand; once more to stop at once.',
    })
  signals.signal.addEventListener('abort', sayStopping)
  const deps = { destination, runtime: commandRuntime(observer), signal: signals.signal, ...bounds }
  if (plan.waitLock !== true) return runSync(plan, deps)
  try {
    return await runSync({ ...plan, waitLock: false }, deps)
  } catch (error) {
    // The destination is opened before anything else, so nothing has been read yet.
    if (!isParleyError(error) || error.code !== 'PARLEY_DESTINATION_LOCKED') throw error
    const message = `${error.message} Waiting for it to end, for an hour at most.`
    observer({ type: 'notice', code: 'PARLEY_WAITING_FOR_LOCK', message })
    return runSync(plan, deps)
  }
}

/** PARLEY_UNIT_ROWS makes commit units smaller, so that tests can break a small sync in many places. */
function unitBounds(rows: string | undefined): { unitBounds?: UnitBounds } {
  const count = Number(rows)
  return Number.isInteger(count) && count > 0 ? { unitBounds: { ...UNIT_BOUNDS, rows: count } } : {}
}

async function printResult(
  { io }: Context,
  result: RunResult,
  output: OutputFormat,
  { redact }: Observing,
): Promise<void> {
  const { formatSummary, resultToJson } = await import('./sync_summary.ts')
  const { redactedJson } = await import('../../libs/observe/redacted_json.ts')
  const { printable } = await import('../../libs/observe/format.ts')
  await io.print(
    output === 'json' ? `${redactedJson(resultToJson(result), redact)}\n` : printable(redact(formatSummary(result))),
  )
}

/** Reads the files that the flags name. Loads the parsers only here: other commands start faster without them. */
async function buildPlan(
  context: Context,
  file: string | undefined,
  flags: SyncFlags,
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
      : await readPipelineSpec(file, { source, onNotice })
  const spec = pickTables(whole, flags.tables)
  const { env, cwd } = context.io
  // Without a spec and a name, a file with a single section is picked whatever its name.
  const connectionName = flags.connectionName ?? (file === undefined ? undefined : spec.connectionName)
  const connection = await resolveConnection(source, { file: flags.connection, connectionName, env, cwd, onNotice })
  context.secrets.push(...connection.secrets)
  return {
    source,
    connectionName:
      flags.connectionName ?? (file === undefined ? (connection.name ?? source.name) : spec.connectionName),
    connectionOptions: connection.options,
    jobs: toSyncJobs(source, spec, onNotice),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.waitLock === undefined ? {} : { waitLock: flags.waitLock }),
  }
}
