import type { JsonObject } from '../../../libs/connect/json.ts'
import type { GraphAnswer, GraphClient } from './graph_client.ts'

export interface DeltaRound {
  pages: GraphAnswer['body'][]
  rows: JsonObject[]
  deltaLink: string
}

/** Follows nextLinks to the deltaLink; `seen` gets the rows so far after every page that has a nextLink. */
export async function readRound(
  client: GraphClient,
  path: string,
  seen?: (rows: JsonObject[]) => void,
): Promise<DeltaRound> {
  const pages: GraphAnswer['body'][] = []
  const rows: JsonObject[] = []
  for (let link = path; pages.length < 1000; ) {
    const { status, body } = await client.get(link)
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    pages.push(body)
    rows.push(...body.value!)
    const next = body['@odata.nextLink'] as string | undefined
    if (next === undefined) return { pages, rows, deltaLink: body['@odata.deltaLink'] as string }
    seen?.(rows)
    link = next
  }
  throw new Error('The round does not end.')
}
