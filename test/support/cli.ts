import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RunResult } from '../../pipeline/sync/types.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/parley.js', import.meta.url))

export interface CliResult {
  /** Exit code, or null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunningCli {
  child: ChildProcess
  ended: Promise<CliResult>
}

export interface CliOptions {
  env?: Record<string, string>
  /** Called with every line of stderr as it comes. */
  onLine?: (line: string) => void
  /** Ends the process after so long: no test waits for ever. Default 120 s. */
  timeoutMs?: number
  /** The command's file, for one of another commit. Default: this project's. */
  launcher?: string
}

/** Starts the real command in a process of its own. */
export function startParley(args: readonly string[], options: CliOptions = {}): RunningCli {
  const child = spawn(process.execPath, [options.launcher ?? LAUNCHER, ...args], {
    // The tenants of tests do not throttle unless a test is about that: do not wait for limits nobody keeps.
    env: { ...process.env, NO_COLOR: '1', PARLEY_RATE_SHARE: '100', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let partial = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    const lines = (partial + text).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) options.onLine?.(line)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 120_000)
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
  return { child, ended }
}

export function parley(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startParley(args, options).ended
}

/** `sync … --output json`, with its result. */
export async function sync(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { result: RunResult }> {
  const ended = await parley(['sync', ...args, '--output', 'json', '--progress', 'none'], options)
  return {
    ...ended,
    result: ended.stdout === '' ? (undefined as unknown as RunResult) : (JSON.parse(ended.stdout) as RunResult),
  }
}
