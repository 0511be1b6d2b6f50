import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../libs/http/http_client.ts'
import type { HttpClientOptions } from '../../libs/http/types.ts'
import { fastRuntime } from '../unit/http/fast_runtime.ts'
import { listen } from '../unit/http/local_server.ts'

const open: { server: Server; sockets: Set<Socket> }[] = []

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A bare TCP server: what it says is what goes on the wire. */
async function rawServer(onRequest: (socket: Socket, turn: number) => void): Promise<string> {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', () => onRequest(socket, turn++))
  })
  await listen(server)
  open.push({ server, sockets })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

async function failure(origin: string, options: Partial<HttpClientOptions>) {
  const client = createHttpClient({ runtime: fastRuntime(), maxAttempts: 2, ...options })
  const error = await client.request({ method: 'GET', url: `${origin}/x` }).catch((caught) => caught)
  await client.close()
  return error
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'

describe('a half-open connection', () => {
  it('that never answers ends by headers_timeout_seconds', async () => {
    const origin = await rawServer(() => {})
    const error = await failure(origin, { headersTimeoutSeconds: 0.2 })
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', cause: { code: 'PARLEY_HEADERS_TIMEOUT' } })
  })

  it('that stands still in the body ends by body_timeout_seconds', async () => {
    const origin = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"val'))
    const error = await failure(origin, { bodyTimeoutSeconds: 0.2 })
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', cause: { code: 'PARLEY_BODY_TIMEOUT' } })
  })

  it('that drips for ever ends by attempt_timeout_seconds', async () => {
    const origin = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
      const timer = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const error = await failure(origin, { attemptTimeoutSeconds: 0.4, bodyTimeoutSeconds: 5 })
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', cause: { code: 'PARLEY_ATTEMPT_TIMEOUT' } })
  })

  it('that never completes TLS ends by connect_timeout_seconds', async () => {
    const origin = await rawServer(() => {})
    const error = await failure(origin.replace('http:', 'https:'), { connectTimeoutSeconds: 0.3 })
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', cause: { code: 'PARLEY_CONNECT_TIMEOUT' } })
  })

  it('is tried again on a connection that works', async () => {
    const origin = await rawServer((socket, turn) => turn > 0 && socket.write(OK))
    const client = createHttpClient({ runtime: fastRuntime(), headersTimeoutSeconds: 0.2 })
    expect((await client.request({ method: 'GET', url: origin })).status).toBe(200)
    await client.close()
  })
})

describe('a connection that breaks', () => {
  it.each([
    ['before the answer', ''],
    ['in the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['inside a body of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"value":[1'],
    ['inside a chunked body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"va'],
  ])('%s is asked again, reset or closed', async (_, written) => {
    for (const end of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const origin = await rawServer((socket, turn) => {
        if (turn > 0) return socket.write(OK)
        socket.write(written, () => setTimeout(() => end(socket), 20))
      })
      const runtime = fastRuntime()
      const client = createHttpClient({ runtime })
      expect((await client.request({ method: 'GET', url: origin })).json()).toEqual({})
      expect(runtime.events).toContainEqual(expect.objectContaining({ type: 'retried', reason: 'PARLEY_NETWORK' }))
      await client.close()
    }
  })

  it('with garbage in place of HTTP is asked again', async () => {
    const origin = await rawServer((socket, turn) => (turn > 0 ? socket.write(OK) : socket.end('garbage\r\n\r\n')))
    const client = createHttpClient({ runtime: fastRuntime() })
    expect((await client.request({ method: 'GET', url: origin })).status).toBe(200)
    await client.close()
  })

  it('is refused: nobody listens', async () => {
    const origin = await rawServer(() => {})
    const { server } = open.pop()!
    await new Promise((resolve) => server.close(resolve))
    const error = await failure(origin, {})
    expect(error).toMatchObject({
      code: 'PARLEY_SOURCE_UNAVAILABLE',
      cause: { code: 'PARLEY_NETWORK', details: { reason: 'ECONNREFUSED' } },
    })
  })
})

describe('memory', () => {
  it('is not filled by many large answers at once: most of them wait, all of them end', async () => {
    const size = 4 * 1024 * 1024
    const body = `"${'x'.repeat(size - 2)}"`
    const origin = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`)
      socket.write(body)
    })
    const runtime = { ...fastRuntime(), maxMemoryBytes: 8 * 1024 * 1024 }
    const client = createHttpClient({ runtime })
    const all = Array.from({ length: 16 }, () => client.request({ method: 'GET', url: origin }))
    for (const answer of await Promise.all(all)) expect(answer.bytes).toBe(size)
    await client.close()
  })
})
