import { Command, Option } from 'commander'
import type { SpecNotice } from '../spec/notice.ts'
import type { Context } from './context.ts'
import { parseDestination } from './destination_url.ts'
import {
  connectionFlag,
  destinationFlag,
  duration,
  outputFlag,
  syncedNameFlag,
  tablesFlag,
  wholeNumber,
} from './flags.ts'
import type { SyncFlags } from './sync_flags.ts'
import { MOST_WORKERS, poolOf } from './worker_environment.ts'

/** More often than this is no schedule but a loop. */
const LEAST_EVERY_SECONDS = 10
const MOST_EVERY_SECONDS = 31 * 86_400

/** `parley sync [SPEC] --source S`: reads what is new into the destination. */
export function syncCommand(context: Context): Command {
  return new Command('sync')
    .description('read what is new into the destination')
    .argument('[spec]', 'pipeline spec (YAML); without it every table of the source, with defaults')
    .requiredOption('--source <source>', 'source to read, for example microsoft_teams')
    .addOption(connectionFlag())
    .addOption(syncedNameFlag())
    .addOption(destinationFlag('where the rows go'))
    .addOption(tablesFlag('only these tables, by their names in the source'))
    .option('--full', 'read everything again from the beginning')
    .addOption(
      new Option('--every <time>', 'run again and again, such as every 15m (s, m, h, d)')
        .argParser(duration(LEAST_EVERY_SECONDS, MOST_EVERY_SECONDS))
        .conflicts(['full', 'dryRun']),
    )
    .option('--dry-run', 'say what would be read and what it would cost; write nothing')
    .option('--workers <n>', 'partitions read at the same time', wholeNumber(1, MOST_WORKERS))
    .option('--wait-lock', 'wait while another process holds the destination, for an hour at most')
    .addOption(outputFlag())
    .addOption(
      new Option('--progress <mode>', 'on stderr').choices(['auto', 'bar', 'plain', 'json', 'none']).default('auto'),
    )
    .action((spec: string | undefined, flags: SyncFlags) => sync(context, spec, flags))
}

async function sync(context: Context, file: string | undefined, flags: SyncFlags): Promise<void> {
  const { buildPlan } = await import('./build_plan.ts')
  const destination = parseDestination(flags.destination)
  const notices: SpecNotice[] = []
  const { waitLock, full } = flags
  const { workers, batch } = poolOf(flags, context.io.env)
  const plan = {
    ...(await buildPlan(context, file, flags, notices)),
    ...(workers === undefined ? {} : { workers }),
    ...(batch === undefined ? {} : { batch }),
    ...(waitLock === undefined ? {} : { waitLock }),
    ...(full === undefined ? {} : { full }),
  }
  if (flags.dryRun === true) {
    const { dryRun } = await import('./sync_dry_run.ts')
    return dryRun(context, plan, destination, flags, notices)
  }
  if (flags.every !== undefined) {
    const { syncEvery } = await import('./sync_every.ts')
    return syncEvery(context, plan, destination, { ...flags, every: flags.every }, notices)
  }
  const [{ syncOnce }, { fullNotices }] = await Promise.all([import('./sync_once.ts'), import('./sync_notices.ts')])
  await syncOnce(context, plan, destination, flags, [...notices, ...fullNotices(plan)])
}
