import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const KILLER = fileURLToPath(new URL('./killer.ts', import.meta.url))

export interface KillPlan {
  unitRows: number
  /** Kill when a unit announces its COMMIT; otherwise some time after a unit was stored. */
  insideCommit: boolean
  /** Units that are stored before. */
  afterUnits: number
  delayMs: number
}

export interface KillRecord {
  /** The process was ended by the signal, and had stored a unit. */
  killed: boolean
  /** The last phase that the process announced was COMMIT, and it never said that it was done. */
  insideCommit: boolean
  /** Rows that were read and that no unit known to be stored held: at most these are read again. */
  lostRows: number
  /** The end of what a process said that was not killed. */
  stderr: string
}

/** Runs `parley sync` with these arguments, ends it with SIGKILL at the planned place, and says what that cost. */
export async function killRun(args: readonly string[], plan: KillPlan): Promise<KillRecord> {
  const child = spawn(process.execPath, [KILLER, JSON.stringify({ plan, args })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(stdout) as KillRecord
}
