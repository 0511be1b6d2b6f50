import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { DiscordClient } from '../../../sources/discord/client.ts'
import { type FastRuntime, fastRuntime } from '../http/fast_runtime.ts'
import { type Handler, type LocalServer, serve } from '../http/local_server.ts'

export const TOKEN = 'MTE3.GabcdE.a-Secret_of+27/characters='
/** Each test has its own signal: a file may be loaded long before its last test runs. */
export const CALL = {
  get signal() {
    return AbortSignal.timeout(60_000)
  },
} as const

export interface DiscordServer extends AsyncDisposable {
  readonly server: LocalServer
  readonly client: DiscordClient
  readonly runtime: FastRuntime
}

/** A real loopback server in place of Discord, and a client for it. */
export async function startDiscord(
  handler: Handler,
  given: { options?: ResolvedOptions; runtime?: Partial<FastRuntime> } = {},
): Promise<DiscordServer> {
  const server = await serve(handler)
  const runtime = fastRuntime(given.runtime)
  const client = new DiscordClient({ bot_token: TOKEN, discord_base_url: server.origin, ...given.options }, runtime)
  return {
    server,
    client,
    runtime,
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.close()
    },
  }
}
