import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StatusFile } from '../../libs/observe/status_file.ts'

/** The status of the run that holds this destination now; `null` when there is none (or its process was killed). */
export async function readRunningStatus(folder: string): Promise<StatusFile | null> {
  let status: StatusFile
  try {
    status = JSON.parse(await readFile(join(folder, 'status.json'), 'utf8')) as StatusFile
  } catch {
    // Never written, or not ours: the database itself knows more.
    return null
  }
  return status.v === 1 && status.state === 'running' && isAlive(status.pid) ? status : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, as somebody else's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
