import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))
export const launcher = join(projectRoot, 'bin/parley.js')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Child {
  process: ChildProcess
  ended: Promise<Ended>
  /** Resolves when stdout or stderr has shown the text; fails when the process ends before. */
  shown(text: string): Promise<void>
  /** What was written so far. */
  peek(): string
}

/** Starts a real process and gathers what it writes. Variables of this test run that would change its behaviour are taken out. */
export function start(command: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Child {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env }
  const child = spawn(command[0]!, command.slice(1), { cwd: options.cwd ?? projectRoot, env })
  let stdout = ''
  let stderr = ''
  let look = (): void => {}
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
    look()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
    look()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const shown = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (stdout.includes(text) || stderr.includes(text)) resolve()
      }
      look()
      void ended.then(() => reject(new Error(`It ended without showing ${text}: ${stdout}${stderr}`)))
    })
  return { process: child, ended, shown, peek: () => stdout + stderr }
}

/** Runs `parley` under this node to its end. */
export function parley(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  return start([process.execPath, launcher, ...args], options).ended
}
