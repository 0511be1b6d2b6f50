import type { DestinationAddress } from '../sync/types.ts'
import { UsageError } from './usage_error.ts'

export const DEFAULT_DESTINATION = 'duckdb:lake.duckdb'

const REMEDY = 'Write duckdb: and the path of a file, for example duckdb:lake.duckdb or duckdb:///var/lib/lake.duckdb.'

/** `duckdb:lake.duckdb`, `duckdb:///absolute/path`. @throws UsageError */
export function parseDestination(url: string): DestinationAddress {
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(url)
  if (match === null) throw new UsageError(`The destination ${url} has no kind in front.`, REMEDY)
  const [, kind, rest = ''] = match
  if (kind !== 'duckdb') throw new UsageError(`There is no destination of the kind ${kind}.`, REMEDY)
  const path = rest.startsWith('//') ? rest.slice(2) : rest
  if (path === '' || path.endsWith('/')) throw new UsageError(`The destination ${url} names no file.`, REMEDY)
  if (path.startsWith(':memory:')) {
    throw new UsageError('A database in memory would forget where each partition goes on.', REMEDY)
  }
  return { kind, path }
}

/** The folder beside a database that holds `status.json` and `run.ndjson`. */
export function companionFolder(destination: DestinationAddress): string {
  return `${destination.path}.parley`
}
