import { MalformedResponseError } from '../../../libs/http/malformed_response_error.ts'
import type { GraphResponse } from '../client.ts'

export type GraphRow = Record<string, unknown>

/** A page of a Graph list. Only an absent link ends a list; an empty page with a link is legal (reference §1.12). */
export interface GraphPage {
  rows: GraphRow[]
  next: string | undefined
  response: GraphResponse
}

/** Reads the list envelope. @throws MalformedResponseError when `value` is not a list. */
export function graphPage(response: GraphResponse): GraphPage {
  const { value, '@odata.nextLink': next } = response.body as { value?: unknown; '@odata.nextLink'?: unknown }
  if (!Array.isArray(value)) throw new MalformedResponseError('a Graph list without a value')
  return { rows: value.filter(isRow), next: typeof next === 'string' && next !== '' ? next : undefined, response }
}

function isRow(row: unknown): row is GraphRow {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}
