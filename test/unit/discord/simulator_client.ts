import type { JsonObject } from '../../../libs/connect/json.ts'
import type { DiscordSimulator } from '../../../sources/discord/simulator/index.ts'

export interface DiscordAnswer<T = JsonObject> {
  status: number
  headers: Headers
  body: T
}

/** The barest client there is: it asks, and does nothing about what comes back. */
export interface DiscordClient {
  get<T = JsonObject>(path: string, headers?: Record<string, string | undefined>): Promise<DiscordAnswer<T>>
  /** An array's rows. */
  list(path: string): Promise<JsonObject[]>
  /** All messages of a channel from the oldest on, by `after`. */
  walk(channel: string, limit?: number): Promise<JsonObject[]>
}

const USER_AGENT = 'DiscordBot (https://example.org, 1.0)'

export function discordClient(simulator: DiscordSimulator): DiscordClient {
  const authorization = `Bot ${simulator.connection.bot_token}`
  const get: DiscordClient['get'] = async <T>(path: string, headers = {}) => {
    const url = path.startsWith('http') ? path : `${simulator.origin}/api/v10${path}`
    const wanted = Object.entries({ 'user-agent': USER_AGENT, authorization, ...headers })
    const answer = await fetch(url, { headers: wanted.filter((pair) => pair[1] !== undefined) as [string, string][] })
    const text = await answer.text()
    const json = answer.headers.get('content-type') === 'application/json'
    return { status: answer.status, headers: answer.headers, body: (json ? JSON.parse(text) : text) as T }
  }
  const list: DiscordClient['list'] = async (path) => {
    const { status, body } = await get<JsonObject[]>(path)
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body
  }
  const walk: DiscordClient['walk'] = async (channel, limit = 100) => {
    const rows: JsonObject[] = []
    for (let after = '0'; ; ) {
      const page = await list(`/channels/${channel}/messages?after=${after}&limit=${limit}`)
      if (page.length === 0) return rows
      rows.push(...page.toReversed())
      after = page[0]!.id as string
    }
  }
  return { get, list, walk }
}

/** Ids of rows, as they came. */
export function idsOf(rows: readonly JsonObject[]): string[] {
  return rows.map((row) => row.id as string)
}
