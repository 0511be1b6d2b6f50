import type { JsonObject } from '../../../libs/connect/json.ts'
import type { TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'

export interface GraphAnswer {
  status: number
  headers: Headers
  body: JsonObject & { value?: JsonObject[] }
}

/** The barest client there is: it asks, and does nothing about what comes back. */
export interface GraphClient {
  get(path: string, headers?: Record<string, string>): Promise<GraphAnswer>
  /** Follows nextLinks blindly and answers all rows. */
  walk(path: string, afterPage?: (page: number) => void): Promise<JsonObject[]>
}

export async function requestToken(
  simulator: TeamsSimulator,
  changes: Record<string, string | undefined> = {},
  tenant?: string,
): Promise<Response> {
  const { connection } = simulator
  const form = new URLSearchParams()
  const fields: Record<string, string | undefined> = {
    client_id: connection.client_id,
    client_secret: connection.client_secret,
    scope: 'https://graph.microsoft.com/.default',
    grant_type: 'client_credentials',
    ...changes,
  }
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value)
  return fetch(`${connection.login_base_url}/${tenant ?? connection.tenant_id}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form,
  })
}

export async function graphClient(simulator: TeamsSimulator): Promise<GraphClient> {
  const { access_token } = (await (await requestToken(simulator)).json()) as { access_token: string }
  const get = async (path: string, headers: Record<string, string> = {}): Promise<GraphAnswer> => {
    const url = path.startsWith('http') ? path : `${simulator.origin}/v1.0${path}`
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${access_token}`, ...headers },
      redirect: 'manual',
    })
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as GraphAnswer['body'] }
  }
  const walk = async (path: string, afterPage?: (page: number) => void): Promise<JsonObject[]> => {
    const rows: JsonObject[] = []
    let page = 0
    for (let link: string | undefined = path; link !== undefined && page < 10_000; ) {
      const { status, body } = await get(link)
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
      rows.push(...(body.value ?? []))
      link = body['@odata.nextLink'] as string | undefined
      afterPage?.(++page)
    }
    return rows
  }
  return { get, walk }
}

/** `teamId channelId messageId`: what identifies a message. */
export function keyText(row: JsonObject): string {
  const place = row.channelIdentity as { teamId: string; channelId: string }
  return `${place.teamId} ${place.channelId} ${row.id as string}`
}
