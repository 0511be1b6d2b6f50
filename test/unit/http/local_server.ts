import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'

export interface Seen {
  method: string
  /** The request target, exactly as it came. */
  url: string
  headers: IncomingMessage['headers']
  body: string
  /** Numbers connections in the order in which they were made. */
  connection: number
  at: number
}

export interface LocalServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly seen: Seen[]
  readonly connections: number
  close(): Promise<void>
}

export type Handler = (request: Seen, response: ServerResponse, socket: Socket) => void | Promise<void>

/** A real HTTP server on a free loopback port that remembers what it was asked. */
export async function serve(handler: Handler): Promise<LocalServer> {
  const seen: Seen[] = []
  const numbers = new Map<Socket, number>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers, socket } = request
    const connection = numbers.get(socket) ?? 0
    const one = { method, url, headers, body: Buffer.concat(chunks).toString(), connection, at: Date.now() }
    seen.push(one)
    await handler(one, response, socket)
  })
  server.on('connection', (socket) => numbers.set(socket, numbers.size + 1))
  await listen(server)
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    seen,
    get connections() {
      return numbers.size
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
}

/** Answers JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}
