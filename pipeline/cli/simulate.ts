import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import type { FaultPlan } from '../../libs/simulator/fault_plan.ts'
import type { SimulateOptions } from '../../libs/simulator/simulate.ts'
import { FileUnreadableError } from '../spec/file_unreadable_error.ts'
import type { Context } from './context.ts'
import { exitCodeOfSignal } from './exit_code.ts'
import { instant, wholeNumber } from './flags.ts'
import { loadSource } from './load_source.ts'
import { UsageError } from './usage_error.ts'

interface SimulateFlags {
  port: number
  seed: number
  size?: string
  throttle: 'documented' | 'off'
  latencyMs: number
  now?: number
  faults?: string
}

/** `parley simulate S`: a local server of the source's API, with data, its documented limits and faults on demand. */
export function simulateCommand(context: Context): Command {
  return new Command('simulate')
    .description('start a simulator of the API to try things on')
    .argument('<source>', 'for example microsoft_teams')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--seed <n>', 'all chance follows from it', wholeNumber(0, 2 ** 32 - 1), 1)
    .option(
      '--size <n|file>',
      'so many made-up messages, or the conversations of a file (NDJSON, plain or .gz); default: a small sample',
    )
    .addOption(
      new Option('--throttle <limits>', "the API's documented limits, or none")
        .choices(['documented', 'off'])
        .default('documented'),
    )
    .option('--latency-ms <ms>', 'added to every answer', wholeNumber(0, 600_000), 0)
    .option(
      '--now <time>',
      'where its clock begins (default: the real time); the same time makes the same data',
      instant,
    )
    .option('--faults <plan>', 'fault plan (JSON file)')
    .action((name: string, flags: SimulateFlags) => simulate(context, name, flags))
}

async function simulate(context: Context, name: string, flags: SimulateFlags): Promise<void> {
  const { io, signals } = context
  const { startSimulator } = await loadSource(name)
  const { port, seed, throttle, latencyMs } = flags
  const faults = flags.faults === undefined ? {} : { faults: await readFaults(flags.faults) }
  const start = flags.now === undefined ? {} : { startAt: flags.now }
  const size = parseSize(flags.size)
  const simulator = await startSimulator({
    port,
    seed,
    throttle,
    latencyMs,
    size,
    ...start,
    ...faults,
  }).catch((error) => {
    throw explain(error, port, size)
  })
  try {
    await io.print(`${JSON.stringify(simulator.connection, null, 2)}\n`)
    const advice = io.resultIsSeen ? ' The connection above can be saved as a connection file.' : ''
    io.log(`Simulating ${name} on ${simulator.origin} until a signal ends it.${advice}\n`)
    if (!signals.signal.aborted) await once(signals.signal, 'abort')
  } finally {
    await simulator.close()
  }
  context.exitCode = exitCodeOfSignal(signals.received() ?? 'SIGTERM')
}

/** A port that cannot be had, and a file that cannot be read, are no defects. */
function explain(error: unknown, port: number, size: SimulateOptions['size']): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== 'listen') {
    // What the file system and the unpacking say of themselves; an error with a code of Parley's is told as it is.
    const isOfFile = typeof size === 'object' && /^(E[A-Z]+|Z_\w+)$/.test(code ?? '')
    return isOfFile ? new FileUnreadableError('file of conversations', size.file, error) : error
  }
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error
  const what = code === 'EACCES' ? 'may not be opened by you' : 'is in use'
  return new UsageError(`Port ${port} ${what}.`, 'Choose another --port, or leave it out for a free one.')
}

function parseSize(text: string | undefined): SimulateOptions['size'] {
  if (text === undefined) return 'sample'
  if (/^\d+$/.test(text)) {
    const size = Number(text)
    if (size >= 1 && size <= 10_000_000) return size
    throw new UsageError(`--size ${text} is out of range.`, 'Ask for 1 to 10000000 messages.')
  }
  const isNumber = text.trim() === '' || !Number.isNaN(Number(text))
  if (isNumber && !existsSync(text))
    throw new UsageError(`--size ${text} is no number of messages.`, 'Ask for 1 to 10000000 messages, or name a file.')
  if (!existsSync(text)) throw new FileUnreadableError('file of conversations', text, { code: 'ENOENT' })
  return { file: text }
}

async function readFaults(file: string): Promise<FaultPlan> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new FileUnreadableError('fault plan', file, error)
  }
  try {
    return JSON.parse(text) as FaultPlan
  } catch (error) {
    throw new UsageError(
      `The fault plan ${file} is not JSON: ${(error as Error).message}`,
      'Mend the file; a plan is {"rules": [ … ]}.',
    )
  }
}
