import { Command, type Option } from 'commander'
import type { Context } from './context.ts'
import {
  connectionNameFlag,
  destinationFlag,
  heldNameFlag,
  heldTablesFlag,
  type OutputFormat,
  outputFlag,
  yesFlag,
} from './flags.ts'

/** Flags of the commands that look at a destination's state, or mend it. */
export interface StateFlags {
  destination: string
  connectionName?: string
  tables?: string[]
  yes?: boolean
  output: OutputFormat
}

/** `parley state`: what the destination knows of how far each table is read. */
export function stateCommand(context: Context): Command {
  return new Command('state')
    .description('show, reset, export or import how far tables are read')
    .addCommand(showCommand(context))
    .addCommand(resetCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(importCommand(context))
}

function showCommand(context: Context): Command {
  return withTables(new Command('show'))
    .description('show cursors and coverage of every partition')
    .addOption(outputFlag())
    .action(async (flags: StateFlags) => (await import('./state_show.ts')).showState(context, flags))
}

function resetCommand(context: Context): Command {
  return withTables(new Command('reset'))
    .description('forget how far tables are read; rows stay')
    .addOption(yesFlag())
    .addOption(outputFlag())
    .action(async (flags: StateFlags) => (await import('./state_reset.ts')).resetState(context, flags))
}

function exportCommand(context: Context): Command {
  return withTables(new Command('export'))
    .description('write the state as JSON')
    .argument('[file]', 'without it, to stdout')
    .action(async (file: string | undefined, flags: StateFlags) =>
      (await import('./state_transfer.ts')).exportToFile(context, file, flags),
    )
}

function importCommand(context: Context): Command {
  return withTables(new Command('import'), connectionNameFlag('which connection takes it (default: that of the file)'))
    .description('put exported state in the place of what is there')
    .argument('<file>', 'as `parley state export` wrote it')
    .addOption(yesFlag())
    .addOption(outputFlag())
    .action(async (file: string, flags: StateFlags) =>
      (await import('./state_transfer.ts')).importFromFile(context, file, flags),
    )
}

function withTables(command: Command, nameFlag: Option = heldNameFlag()): Command {
  return command.addOption(destinationFlag('whose state')).addOption(nameFlag).addOption(heldTablesFlag())
}
