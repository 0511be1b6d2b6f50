import type { DiscordQuery } from './types.ts'

/** The version is part of every path: without one Discord answers as version 6 (reference discord §1). */
const VERSION = 'api/v10'

/** The address of a request. An emoji is a segment as it is, `👍` or `name:id`: it is encoded here. */
export function requestUrl(origin: string, path: readonly string[], query: DiscordQuery): string {
  const search = Object.entries(query).flatMap(([name, value]) => pairs(name, value))
  const target = `${origin}/${VERSION}/${path.map(encodeURIComponent).join('/')}`
  return search.length === 0 ? target : `${target}?${search.join('&')}`
}

function pairs(name: string, value: DiscordQuery[string]): string[] {
  if (value === undefined) return []
  const values = typeof value === 'object' ? value : [String(value)]
  return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`)
}
