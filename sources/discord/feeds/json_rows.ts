import { isSnowflake } from '../snowflake.ts'

/** An object as Discord sends it. */
export type DiscordRow = Readonly<Record<string, unknown>>

export function isRow(value: unknown): value is DiscordRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object that can be asked for. */
export type IdRow = DiscordRow & { readonly id: string }

export function hasId(row: DiscordRow): row is IdRow {
  return isSnowflake(row.id)
}

/** The items of a list, or of the list that an object holds under `key`. */
export function rowsOf(body: unknown, key?: string): unknown[] {
  const list = key === undefined ? body : isRow(body) ? body[key] : undefined
  return Array.isArray(list) ? list : []
}

/** A text member, such as an id; undefined where there is none. */
export function textOf(row: unknown, key: string): string | undefined {
  const value = isRow(row) ? row[key] : undefined
  return typeof value === 'string' ? value : undefined
}
