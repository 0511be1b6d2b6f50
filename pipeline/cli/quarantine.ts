import { Command } from 'commander'
import type { PlanFlags } from './build_plan.ts'
import type { Context } from './context.ts'
import {
  connectionFlag,
  destinationFlag,
  heldNameFlag,
  heldTablesFlag,
  type OutputFormat,
  outputFlag,
  syncedNameFlag,
  tablesFlag,
  wholeNumber,
} from './flags.ts'

/** Flags of the commands that look at rows that were kept aside. */
export interface QuarantineFlags {
  destination: string
  connectionName?: string
  tables?: string[]
  limit: number
  output: OutputFormat
}

export type ReplayFlags = PlanFlags & Pick<QuarantineFlags, 'destination' | 'output'>

const MOST_ROWS = 10_000

/** `parley quarantine`: rows without a usable key. */
export function quarantineCommand(context: Context): Command {
  return new Command('quarantine')
    .description('list, show or replay rows that were kept aside')
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(replayCommand(context))
}

function listCommand(context: Context): Command {
  return withHeld(new Command('list'))
    .description('count them by table and reason')
    .addOption(outputFlag())
    .action(async (flags: QuarantineFlags) => (await import('./quarantine_show.ts')).listQuarantine(context, flags))
}

function showCommand(context: Context): Command {
  return withHeld(new Command('show'))
    .description('show them with their reason, the newest first')
    .option('--limit <n>', 'rows at most', wholeNumber(1, MOST_ROWS), 20)
    .addOption(outputFlag())
    .action(async (flags: QuarantineFlags) => (await import('./quarantine_show.ts')).showQuarantine(context, flags))
}

function replayCommand(context: Context): Command {
  return new Command('replay')
    .description('try them again with the declarations of this release')
    .argument('[spec]', 'the pipeline spec of the sync')
    .requiredOption('--source <source>', 'source they came from, for example microsoft_teams')
    .addOption(connectionFlag())
    .addOption(syncedNameFlag())
    .addOption(destinationFlag('where the rows are kept'))
    .addOption(tablesFlag('only these tables, by their names in the source'))
    .addOption(outputFlag())
    .action(async (spec: string | undefined, flags: ReplayFlags) =>
      (await import('./quarantine_replay.ts')).replay(context, spec, flags),
    )
}

function withHeld(command: Command): Command {
  return command
    .addOption(destinationFlag('where the rows are kept'))
    .addOption(heldNameFlag())
    .addOption(heldTablesFlag())
}
