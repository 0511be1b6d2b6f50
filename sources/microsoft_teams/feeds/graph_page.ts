import { type Instant, parseInstant } from '../../../libs/connect/instant.ts'
import { MalformedResponseError } from '../../../libs/http/malformed_response_error.ts'
import { jsonText } from '../../../libs/schema/json_text.ts'
import type { GraphResponse } from '../client.ts'

export type GraphRow = Record<string, unknown>

/** A page of a Graph list. Only an absent link ends a list; an empty page with a link is legal (reference §1.12). */
export interface GraphPage {
  /** As they came: what is no object is for the encoder to reject, not for us to drop. */
  rows: unknown[]
  next: string | undefined
  response: GraphResponse
}

/** Reads the list envelope. @throws MalformedResponseError when `value` is not a list. */
export function graphPage(response: GraphResponse): GraphPage {
  const { value } = response.body
  if (!Array.isArray(value)) throw new MalformedResponseError('a Graph list without a value')
  return { rows: value, next: nextLink(response.body), response }
}

/** A member as text for comparison: hostile objects, which cannot be made a text, are JSON. */
export function memberText(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value)
}

export function isRow(row: unknown): row is GraphRow {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}

/** When a message or a channel was made; NaN where the row does not say. */
export function createdOf({ createdDateTime }: GraphRow): Instant {
  return typeof createdDateTime === 'string' ? parseInstant(createdDateTime) : Number.NaN
}

/** The reference's samples vary in the case of names; a link that is overlooked would end the list too early. */
function nextLink(body: GraphResponse['body']): string | undefined {
  for (const [name, link] of Object.entries(body)) {
    if (typeof link === 'string' && link !== '' && name.toLowerCase() === '@odata.nextlink') return link
  }
  return undefined
}
