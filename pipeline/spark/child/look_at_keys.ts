import { anonymizerOfConnection } from '../../../libs/anonymize/of_connection.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable } from '../../../libs/connect/source.ts'
import { lookAtRows } from '../../sync/look_at_rows.ts'
import type { OpenFeed } from './open_feed.ts'

export interface KeyLooks {
  /** The columns that a key has, in order; a key is a JSON list of their values. */
  columns: string[]
  keys: string[]
  seed: string
  narrowed: boolean
}

/** Which rows of a snapshot that a whole listing lacks are gone (`absent`), and which stay (`kept`). */
export async function lookAtKeys<C>(
  { access, args }: OpenFeed<C>,
  { columns, keys, ...how }: KeyLooks,
): Promise<JsonObject> {
  const { feed, table } = access
  const look = (key: string) => {
    const values = JSON.parse(key) as unknown[]
    const byColumn = Object.fromEntries(columns.map((column, index) => [column, String(values[index])]))
    return feed.lookAtRow!(table.name, byColumn, args)
  }
  return { ...(await lookAtRows(keys, look, how)) }
}

/** Whether what a listing lacks can be asked for: the API says so, and keys are what it knows rows by. */
export function asksForRows<C>({ access, args }: OpenFeed<C>): boolean {
  const { feed, table } = access
  if (feed.lookAtRow === undefined) return false
  const isAnonymized = anonymizerOfConnection(args.connection as Closable) !== null
  return !isAnonymized || table.primaryKeys.every((key) => table.schema.fields[key]!.personalRule === null)
}
