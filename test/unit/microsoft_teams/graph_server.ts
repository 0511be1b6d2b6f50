import { setTimeout as delay } from 'node:timers/promises'
import { GraphClient } from '../../../sources/microsoft_teams/client.ts'
import { type FastRuntime, fastRuntime } from '../http/fast_runtime.ts'
import { type Handler, json, type LocalServer, type Seen, serve } from '../http/local_server.ts'

export const SECRET = 'S~ecret+/value=&for?tests'
/** Each test has its own signal: a file may be loaded long before its last test runs. */
export const CALL = {
  kind: 'other',
  get signal() {
    return AbortSignal.timeout(60_000)
  },
} as const

export interface GraphServer extends AsyncDisposable {
  readonly server: LocalServer
  readonly client: GraphClient
  readonly runtime: FastRuntime
  /** Requests of the token endpoint. */
  tokens(): Seen[]
  /** Requests of Graph. */
  graph(): Seen[]
}

export interface GraphServerOptions {
  /** Answers Graph's paths. Default: an empty list. */
  graph?: Handler
  /** Answers the token endpoint. Default: token-1, token-2 … of an hour. */
  token?: Handler
  options?: Record<string, string | number>
  runtime?: Partial<FastRuntime>
}

/** Login service and Graph on one real loopback server, and a client for it. */
export async function startGraph(setup: GraphServerOptions = {}): Promise<GraphServer> {
  let issued = 0
  const token: Handler = async (_, response) => {
    await delay(5)
    json(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: `access-token-${++issued}` })
  }
  const graph: Handler = (_, response) => json(response, 200, { value: [] })
  const server = await serve((request, response, socket) => {
    const handler = isToken(request) ? (setup.token ?? token) : (setup.graph ?? graph)
    return handler(request, response, socket)
  })
  const runtime = fastRuntime(setup.runtime)
  const client = new GraphClient(
    {
      tenant_id: '2432b57b-0abd-43db-aa7b-16eadd115d34',
      client_id: '61f3d9a6-6f0e-4d1b-8f2c-0f0a5b1a2c3d',
      client_secret: SECRET,
      cloud: 'global',
      graph_base_url: server.origin,
      login_base_url: server.origin,
      ...setup.options,
    },
    runtime,
  )
  return {
    server,
    client,
    runtime,
    tokens: () => server.seen.filter(isToken),
    graph: () => server.seen.filter((request) => !isToken(request)),
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.close()
    },
  }
}

function isToken(request: Seen): boolean {
  return request.url.includes('/oauth2/v2.0/token')
}
