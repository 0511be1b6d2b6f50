import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { FileNameError } from './file_name_error.ts'
import { DestinationLockedError } from './locked_error.ts'
import { MemoryRoom, THREADS } from './memory_room.ts'
import { DestinationUnavailableError } from './unavailable_error.ts'

/** DuckDB reports a held lock as text only; this is the one place that reads it, and takes the holder from it. */
const HELD_LOCK = /Could not set lock on file(?:.*? held in (.+?\(PID \d+\)))?/s

const SETTINGS = {
  // A function of an extension that is not built in must fail at once, not try the network.
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  threads: String(THREADS),
  // Memory that was let go of goes back to the system soon: it would stay with the process, beside what it needs next.
  allocator_flush_threshold: '8MB',
  allocator_background_threads: 'true',
}

export interface Database {
  connection: DuckDBConnection
  /** @throws FileNameError where the file is called like one of these schemas */
  assertTellsApart(schemas: readonly string[]): void
  memory: MemoryRoom
  close(): void
}

export interface OpenOptions {
  /** Waits for another process to let the file go, this long. 0: fails at once. */
  waitLockMs?: number
  readOnly?: boolean
  signal?: AbortSignal
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const LOCK_POLL_MS = 250

/**
 * Opens the file with exactly one instance: a second one in the same process would lose commits.
 * @throws DestinationLockedError, DestinationUnavailableError, FileNameError
 */
export async function openDatabase(path: string, options: OpenOptions): Promise<Database> {
  if (path !== ':memory:' && options.readOnly !== true) mkdirSync(dirname(resolve(path)), { recursive: true })
  if (options.readOnly === true && !existsSync(path))
    throw new DestinationUnavailableError(path, 'there is no such file.')
  const attempts = 1 + Math.ceil((options.waitLockMs ?? 0) / LOCK_POLL_MS)
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(path, options.readOnly === true)
    } catch (error) {
      if (!(error instanceof DestinationLockedError) || attempt >= attempts) throw error
      await options.sleep(LOCK_POLL_MS, options.signal)
    }
  }
}

async function connect(path: string, readOnly: boolean): Promise<Database> {
  // 70 MB of native code: only loaded by commands that need it.
  const duckdb = await import('@duckdb/node-api')
  const settings = readOnly ? { ...SETTINGS, access_mode: 'READ_ONLY' } : SETTINGS
  let instance: DuckDBInstance
  try {
    instance = await duckdb.DuckDBInstance.fromCache(path, settings)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const held = HELD_LOCK.exec(message)
    if (held) throw new DestinationLockedError(path, held[1] ?? 'unknown', error)
    throw new DestinationUnavailableError(path, message, error)
  }
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const [[file]] = (await connection.runAndReadAll('SELECT current_database()')).getRows() as [[string]]
  const database: Database = {
    connection,
    assertTellsApart(schemas) {
      const alike = schemas.find((schema) => schema.toLowerCase() === file.toLowerCase())
      if (alike !== undefined) throw new FileNameError(path, alike)
    },
    memory: new MemoryRoom(connection, path),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
  try {
    database.assertTellsApart(['parley'])
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
