import type { Partition } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { KeyLooks } from './look_at_keys.ts'
import { RequestInvalidError } from './request_invalid_error.ts'

/** What every request carries. */
interface Common {
  /** Version of this protocol. */
  v: 1
  /** Options of connection and table together, as Spark hands them over: lower-case names, text. */
  options: Record<string, string>
  /** Share of the API's limits that this process keeps, above 0 and at most 1. Default 1. */
  rate_share?: number
  /** The same for limits of one partition, which one task reads. Default `rate_share`. */
  partition_rate_share?: number
}

/** One share of a partition's time: everything up to `until`, going on from `since` (less the feed's lookback). */
export interface Window {
  partition: Partition
  /** Read before up to here; null: from the beginning. */
  since: Instant | null
  until: Instant
}

/**
 * `fail`: a refusal ends the process with its code; `skip`: it is reported and the next window is read; `tell`: it is
 * a line among the rows as well, where they come with the facts that `ingest` applies them by.
 */
export type OnRefused = 'fail' | 'skip' | 'tell'

/** One request is one process: the Python side writes it as one line of JSON and keeps stdin open. */
export type ChildRequest = Common &
  (
    | { op: 'tables' }
    | { op: 'check' }
    | { op: 'schema'; table: string }
    | { op: 'describe'; tables: { table: string; options: Record<string, string> }[] }
    | { op: 'coverage'; table: string }
    | { op: 'spec'; spec: JsonObject }
    | { op: 'look'; table: string; partitions: Partition[]; again: string[] }
    | ({ op: 'look_at_keys'; table: string } & KeyLooks)
    | { op: 'plan'; table: string }
    | { op: 'probe'; table: string; partitions: Partition[]; until: Instant }
    | {
        op: 'read'
        table: string
        windows: Window[]
        refused: OnRefused
      }
  )

export type Op = ChildRequest['op']

const OPS: readonly Op[] = [
  'tables',
  'check',
  'schema',
  'describe',
  'coverage',
  'spec',
  'look',
  'look_at_keys',
  'plan',
  'probe',
  'read',
]

/** @throws RequestInvalidError when the Python side speaks another version */
export function parseRequest(line: string): ChildRequest {
  let request: Partial<ChildRequest>
  try {
    request = JSON.parse(line)
  } catch {
    throw new RequestInvalidError('it is not JSON')
  }
  if (request === null || typeof request !== 'object') throw new RequestInvalidError('it is not an object')
  if (request.v !== 1) throw new RequestInvalidError(`its version is ${String(request.v)}, not 1`)
  if (!OPS.includes(request.op as Op)) throw new RequestInvalidError(`there is no operation ${String(request.op)}`)
  return request as ChildRequest
}
