/** JSON as it crosses every border of Parley: offsets, cursors, state, the CLI. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/**
 * JSON text with sorted keys. Spark compares offsets as text, key order included, so an offset
 * that is written with another order would look like progress and never end.
 */
export function stableStringify(value: Json | undefined): string {
  if (value === undefined) return 'null'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(stableStringify).join(',')}]`
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) parts.push(`${JSON.stringify(key)}:${stableStringify(value[key])}`)
  }
  return `{${parts.join(',')}}`
}
