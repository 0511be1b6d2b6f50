import type { DestinationAddress, SyncDeps } from '../sync/types.ts'
import type { Destination } from './destination.ts'

/** How long `--wait-lock` waits for another process. */
export const WAIT_LOCK_MS = 3_600_000

type OpenDeps = Pick<SyncDeps, 'runtime' | 'signal'> & { waitLock?: boolean }

/** Opens a destination. @throws what its kind throws when it is locked or cannot be opened */
export async function openDestination(address: DestinationAddress, deps: OpenDeps): Promise<Destination> {
  const { openDatabase } = await import('./duckdb/database.ts')
  const { DuckDbDestination } = await import('./duckdb/index.ts')
  const { sleep } = deps.runtime
  const waitLockMs = deps.waitLock === true ? WAIT_LOCK_MS : 0
  const database = await openDatabase(address.path, { waitLockMs, signal: deps.signal, sleep })
  return new DuckDbDestination(database)
}
