import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { checkCommand } from './check.ts'
import type { Context } from './context.ts'
import { exitCodeOfError, exitCodeOfSignal } from './exit_code.ts'
import { type Io, processIo } from './io.ts'
import { readCommand } from './read.ts'
import { schemaCommand } from './schema.ts'
import { catchSignals } from './signals.ts'
import { simulateCommand } from './simulate.ts'
import { statusCommand } from './status.ts'
import { syncCommand } from './sync.ts'
import { tablesCommand } from './tables.ts'
import { usesColor } from './terminal.ts'
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
    await report(shown, argv, context)
    const signal = signals.received()
    return signal === null ? exitCodeOfError(shown) : exitCodeOfSignal(signal)
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
    simulateCommand,
  ]
  for (const build of commands) program.addCommand(build(context))
  const write = (text: string): void => void printed.push(text)
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write }).showSuggestionAfterError()
  }
  return program
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

async function report(error: unknown, argv: readonly string[], { io, secrets }: Context): Promise<void> {
  const [{ createRedactor }, { redactedJson }, { errorToJson, formatError }] = await Promise.all([
    import('../../libs/http/redaction.ts'),
    import('../../libs/observe/redacted_json.ts'),
    import('./print_error.ts'),
  ])
  const redactor = createRedactor(secrets)
  const redact = (text: string): string => redactor.text(text)
  io.log(redact(formatError(error, usesColor(io))))
  if (wantsJson(argv)) await io.print(`${redactedJson(errorToJson(error), redact)}\n`)
}

/** Looked up in the words themselves: a usage error comes before the flags are parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--output=json' || (word === '--output' && argv[index + 1] === 'json'))
}
