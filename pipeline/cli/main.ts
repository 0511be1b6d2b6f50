import { Command, CommanderError } from 'commander'
import { isParleyError } from '../../libs/connect/error.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { bundleCommand } from './bundle.ts'
import { checkCommand } from './check.ts'
import { connectionCommand } from './connection.ts'
import type { Context } from './context.ts'
import { exitCodeOfError, exitCodeOfSignal } from './exit_code.ts'
import { type Io, processIo } from './io.ts'
import { quarantineCommand } from './quarantine.ts'
import { readCommand } from './read.ts'
import { reportError } from './report_error.ts'
import { schemaCommand } from './schema.ts'
import { catchSignals } from './signals.ts'
import { simulateCommand } from './simulate.ts'
import { stateCommand } from './state.ts'
import { statusCommand } from './status.ts'
import { syncCommand } from './sync.ts'
import { tablesCommand } from './tables.ts'
import { UsageError } from './usage_error.ts'

/**
 * Runs one command.
 * @param argv without node and script
 * @returns the exit code: 0 ok, 1 bug, 2 usage, 3 configuration, 4 partial, 5 source, 6 locked, 130/143 signals
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const signals = catchSignals({ launched: io.env.PARLEY_LAUNCHED === '1' })
  const context: Context = { io, signals, secrets: [], exitCode: 0 }
  const printed: string[] = []
  try {
    await buildProgram(context, printed).parseAsync(argv, { from: 'user' })
    return context.exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      await io.print(printed.join(''))
      return 0
    }
    const shown = error instanceof CommanderError ? toUsageError(error, printed) : error
    await reportError(shown, context, wantsJson(argv))
    const signal = signals.received()
    // A full disk is a full disk, also when it is met while stopping.
    const isOther = isParleyError(shown) && shown.code !== 'PARLEY_INTERRUPTED'
    return signal === null || isOther ? exitCodeOfError(shown) : exitCodeOfSignal(signal)
  } finally {
    signals.release()
  }
}

/** @param printed takes what commander would have written: help, or the words of a usage error */
function buildProgram(context: Context, printed: string[]): Command {
  const program = new Command('parley')
    .description('Conversations into the lakehouse.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
  const commands = [
    syncCommand,
    tablesCommand,
    schemaCommand,
    readCommand,
    checkCommand,
    statusCommand,
    stateCommand,
    quarantineCommand,
    simulateCommand,
    bundleCommand,
    connectionCommand,
  ]
  for (const build of commands) program.addCommand(build(context))
  const write = (text: string): void => void printed.push(text)
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write }).showSuggestionAfterError()
  }
  return program
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** Commander's words without its `error:`, in the form of every other error. */
function toUsageError(error: CommanderError, printed: readonly string[]): UsageError {
  if (error.code === 'commander.help') return new UsageError('A command is missing.', printed.join('').trim())
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n')
  const words = first.charAt(0).toUpperCase() + first.slice(1)
  const hint = more.join(' ').replace(/[()]/g, '').trim()
  return new UsageError(
    /[.?!]$/.test(words) ? words : `${words}.`,
    `${hint === '' ? '' : `${hint} `}See \`parley --help\` or \`parley COMMAND --help\`.`,
  )
}

/** Looked up in the words themselves: a usage error comes before the flags are parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--output=json' || (word === '--output' && argv[index + 1] === 'json'))
}
