import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '../spec/connection_environment.ts'
import { type CliFailure, DatabricksCliFailedError } from './databricks_cli_failed_error.ts'
import { DatabricksCliMissingError } from './databricks_cli_missing_error.ts'
import type { ConnectionBody } from './request_body.ts'

const CLI = 'databricks'
/** A request or two. Longer than this it waits for somebody who is not there. */
const TIMEOUT_MS = 120_000
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/**
 * Creates the connection with the Databricks CLI. The body, which holds secrets, goes by a file that only this user can read
 * and that is removed: arguments are seen by every user of the machine.
 * @throws DatabricksCliMissingError, DatabricksCliFailedError, the signal's reason
 */
export async function createConnection(body: ConnectionBody, env: Environment, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-connection-'))
  try {
    const file = join(folder, 'connection.json')
    await writeFile(file, JSON.stringify(body), { mode: 0o600 })
    const running = promisify(execFile)(CLI, ['connections', 'create', '--json', `@${file}`], {
      env,
      signal,
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    })
    // It must not wait for an answer that nobody gives.
    running.child.stdin?.end()
    await running
  } catch (error) {
    signal.throwIfAborted()
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new DatabricksCliMissingError(error)
      : new DatabricksCliFailedError(body.name, error as CliFailure)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
