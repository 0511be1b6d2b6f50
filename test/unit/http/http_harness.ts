import { createHttpClient } from '../../../libs/http/http_client.ts'
import type { HttpClientOptions } from '../../../libs/http/types.ts'
import { fastRuntime } from './fast_runtime.ts'
import { type Handler, json, type LocalServer, serve } from './local_server.ts'

/** Answers with the handlers in turn; the last one stays. */
export function inTurn(...handlers: Handler[]): Handler {
  let turn = 0
  return (request, response, socket) => handlers[Math.min(turn++, handlers.length - 1)]!(request, response, socket)
}

export const ok: Handler = (_, response) =>
  json(response, 200, { value: [1] }, { date: 'Sun, 22 Nov 2026 10:00:00 GMT' })
export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    json(response, code, { error: { code: 'Whatever' } }, headers)

/** A client for a server with this handler; both end with `use`. */
export async function withServer<T>(
  handler: Handler,
  use: (args: {
    server: LocalServer
    client: ReturnType<typeof createHttpClient>
    runtime: ReturnType<typeof fastRuntime>
  }) => Promise<T>,
  options: Partial<HttpClientOptions> = {},
): Promise<T> {
  const runtime = fastRuntime()
  await using server = await serve(handler)
  const client = createHttpClient({ runtime, ...options })
  try {
    return await use({ server, client, runtime })
  } finally {
    await client.close()
  }
}
