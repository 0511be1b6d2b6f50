import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { listen } from '../../unit/http/local_server.ts'

export interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
}

export interface FrontOptions {
  /** Rewrites the text of an answer; the JSON need not be what `JSON.stringify` would write. */
  rewrite?(text: string, request: IncomingMessage): string
  /** The same for answers that are errors. */
  rewriteError?(text: string, request: IncomingMessage): string
  /** Headers that replace those of an answer. */
  headers?(request: IncomingMessage): Record<string, string>
}

/** A server in front of a simulator that changes bytes on their way, and can stop answering without a word. */
export interface Front {
  readonly origin: string
  /** What a connection of Microsoft Teams needs to go through here; those of other sources take the origin. */
  readonly connection: { graph_base_url: string; login_base_url: string }
  readonly seen: Seen[]
  /** Connections accepted so far. */
  readonly connections: number
  /** Connections that stand now fall silent: they take bytes, answer nothing and never close. New ones work. */
  freeze(): number
  close(): Promise<void>
}

export async function startFront(
  { simulator }: { simulator: { readonly origin: string } },
  options: FrontOptions = {},
): Promise<Front> {
  const sockets = new Set<Socket>()
  const frozen = new WeakSet<Socket>()
  const seen: Seen[] = []
  let connections = 0
  let origin = ''
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (frozen.has(request.socket)) return
    seen.push({ method: request.method!, url: request.url!, headers: request.headers })
    // Compressed bytes could not be rewritten.
    const headers = { ...request.headers, 'accept-encoding': 'identity' }
    const onward = forward(simulator.origin + request.url, { method: request.method!, headers }, (answer) =>
      pass(answer, response, options.headers?.(request) ?? {}, (text) => {
        const here = text.replaceAll(simulator.origin, origin)
        const rewrite = answer.statusCode === 200 ? options.rewrite : options.rewriteError
        return rewrite?.(here, request) ?? here
      }),
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  await listen(server)
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    connection: { graph_base_url: origin, login_base_url: origin },
    seen,
    get connections() {
      return connections
    },
    freeze() {
      for (const socket of sockets) frozen.add(socket)
      return sockets.size
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function pass(
  answer: IncomingMessage,
  response: ServerResponse,
  replaced: Record<string, string>,
  rewrite: (text: string) => string,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const body = Buffer.from(rewrite(Buffer.concat(chunks).toString('utf8')))
  const { 'transfer-encoding': _, ...headers } = answer.headers
  response.writeHead(answer.statusCode!, { ...headers, ...replaced, 'content-length': body.length })
  response.end(body)
}
