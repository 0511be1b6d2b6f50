import { setTimeout as delay } from 'node:timers/promises'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { inTurn, ok, status, withServer } from './http_harness.ts'
import { json } from './local_server.ts'

describe('an answer', () => {
  it('has its body, date, bytes and lower-case headers', () =>
    withServer(ok, async ({ server, client, runtime }) => {
      const answer = await client.request({ method: 'GET', url: `${server.origin}/v1.0/x?$skiptoken=secret-token` })
      expect(answer.json()).toEqual({ value: [1] })
      expect(answer).toMatchObject({ status: 200, bytes: 13, date: Date.UTC(2026, 10, 22, 10) })
      expect(answer.headers['content-type']).toBe('application/json')
      expect(runtime.events).toMatchObject([
        { type: 'request', method: 'GET', path: '/v1.0/x', status: 200, bytes: 13 },
      ])
    }))

  it('keeps connections alive', () =>
    withServer(ok, async ({ server, client }) => {
      for (let i = 0; i < 5; i++) await client.request({ method: 'GET', url: server.origin })
      // undici may open a second one while it lets go of the first.
      expect(server.connections).toBeLessThanOrEqual(2)
    }))

  it('opens at most as many connections as it has slots', () =>
    withServer(
      async (_, response) => {
        await delay(5)
        json(response, 200, {})
      },
      async ({ server, client }) => {
        await Promise.all(Array.from({ length: 40 }, () => client.request({ method: 'GET', url: server.origin })))
        // One more than slots: tokens go beside the others.
        expect(server.connections).toBeLessThanOrEqual(5)
        expect(server.seen).toHaveLength(40)
      },
      { maxConcurrentRequests: 4 },
    ))

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('is decompressed (%s)', (encoding, compress) =>
    withServer(
      (_, response) => {
        response.writeHead(200, { 'content-encoding': encoding })
        response.end(compress('{"value":[1,2,3]}'))
      },
      async ({ server, client }) => {
        const answer = await client.request({ method: 'GET', url: server.origin })
        expect(answer.json()).toEqual({ value: [1, 2, 3] })
        expect(server.seen[0]!.headers['accept-encoding']).toContain(encoding)
      },
    ),
  )

  it('may begin with a byte order mark, and may be bytes', () =>
    withServer(
      inTurn(
        (_, response) => void response.end('\ufeff{"a":1}'),
        (_, response) => void response.end(Buffer.from([1, 2, 255])),
      ),
      async ({ server, client }) => {
        expect((await client.request({ method: 'GET', url: server.origin })).json()).toEqual({ a: 1 })
        const bytes = await client.request({ method: 'GET', url: server.origin, expect: 'bytes' })
        expect([...bytes.body]).toEqual([1, 2, 255])
      },
    ))

  it('is asked for by the link exactly as it is written', () =>
    withServer(ok, async ({ server, client }) => {
      const target = `/v1.0/teams('a')/x?$skiptoken=%5b{"a":'b'}%5d&$filter=a%20gt+b`
      await client.request({ method: 'GET', url: server.origin + target })
      expect(server.seen[0]!.url).toBe(target)
    }))
})

describe('failures that pass', () => {
  it.each([408, 500, 502, 503, 504, 509])('%i is asked again', (code) =>
    withServer(inTurn(status(code), status(code), ok), async ({ server, client, runtime }) => {
      await client.request({ method: 'GET', url: server.origin })
      expect(runtime.waits).toEqual([250, 500])
      expect(runtime.events.filter((event) => event.type === 'retried')).toMatchObject([
        { attempt: 1, reason: `status ${code}`, wait_seconds: 0.25 },
        { attempt: 2, reason: `status ${code}`, wait_seconds: 0.5 },
      ])
    }),
  )

  it('a 503 is asked again on a new connection, a 502 on the same', () =>
    withServer(inTurn(ok, status(502), status(503), status(503), ok), async ({ server, client }) => {
      await client.request({ method: 'GET', url: server.origin })
      await client.request({ method: 'GET', url: server.origin })
      const connections = server.seen.map((request) => request.connection)
      const kept = connections.slice(0, 3)
      expect(Math.max(...kept)).toBeLessThanOrEqual(2)
      const [first, second] = connections.slice(3)
      expect(kept).not.toContain(first)
      expect([...kept, first]).not.toContain(second)
    }))

  it('a server error waits as long as it asks, when that is longer', () =>
    withServer(inTurn(status(502, { 'retry-after': '7' }), ok), async ({ server, client, runtime }) => {
      await client.request({ method: 'GET', url: server.origin })
      expect(runtime.waits).toEqual([7000])
    }))

  it.each([
    ['JSON that breaks off', '{"value":[1,'],
    ['nothing', ''],
    ['a page of HTML', '<html>'],
  ])('%s is asked again', (_, body) =>
    withServer(
      inTurn((_request, response) => void response.end(body), ok),
      async ({ server, client }) => {
        expect((await client.request({ method: 'GET', url: server.origin })).json()).toEqual({ value: [1] })
        expect(server.seen).toHaveLength(2)
      },
    ),
  )

  it('damaged gzip is asked again', () =>
    withServer(
      inTurn((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' })
        response.end(gzipSync('{"value":[1,2,3]}').subarray(0, 20))
      }, ok),
      async ({ server, client }) => {
        expect((await client.request({ method: 'GET', url: server.origin })).status).toBe(200)
      },
    ))

  it('ends as malformed when it never gets better', () =>
    withServer(
      (_, response) => void response.end('{"value":'),
      async ({ server, client }) => {
        const request = client.request({ method: 'GET', url: server.origin })
        await expect(request).rejects.toMatchObject({ code: 'PARLEY_MALFORMED_RESPONSE', kind: 'source' })
        expect(server.seen).toHaveLength(8)
      },
    ))

  it('ends as unavailable after the attempts, with the last failure inside', () =>
    withServer(
      status(502),
      async ({ server, client }) => {
        const error = await client.request({ method: 'GET', url: `${server.origin}/a?token=x` }).catch((e) => e)
        expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', kind: 'source', cause: { status: 502 } })
        expect(error.message).toContain('GET /a failed 3 times')
        expect(error.message).not.toContain('token=x')
        expect(server.seen).toHaveLength(3)
      },
      { maxAttempts: 3 },
    ))

  it('ends as unavailable after the time, whatever the attempts', () =>
    withServer(
      status(502),
      async ({ server, client }) => {
        const request = client.request({ method: 'GET', url: server.origin })
        await expect(request).rejects.toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
        expect(server.seen.length).toBeLessThan(10)
      },
      { maxAttempts: 50, maxRetrySeconds: 10 },
    ))

  it('a body of another shape is asked again, then raised', () =>
    withServer(
      inTurn((_, response) => json(response, 200, [1]), ok),
      async ({ server, client }) => {
        const check = (body: unknown) => (Array.isArray(body) ? 'a list' : undefined)
        expect((await client.request({ method: 'GET', url: server.origin, check })).json()).toEqual({ value: [1] })
      },
    ))

  it('an unfound id is asked again as often as the caller wants', () =>
    withServer(inTurn(status(404), status(404), ok), async ({ server, client }) => {
      const once = client.request({ method: 'GET', url: server.origin, retryNotFound: 1 })
      await expect(once).rejects.toMatchObject({ status: 404 })
      expect((await client.request({ method: 'GET', url: server.origin, retryNotFound: 1 })).status).toBe(200)
    }))
})

describe('final answers', () => {
  it.each([400, 402, 403, 404, 410, 412, 501])('%i is thrown with its parsed body', (code) =>
    withServer(status(code, { 'request-id': 'r1' }), async ({ server, client }) => {
      const request = client.request({ method: 'GET', url: `${server.origin}/p?q=1` })
      await expect(request).rejects.toMatchObject({
        code: 'PARLEY_HTTP_STATUS',
        status: code,
        body: { error: { code: 'Whatever' } },
        headers: { 'request-id': 'r1' },
        details: { path: '/p', status: code },
      })
      expect(server.seen).toHaveLength(1)
    }),
  )

  it('comes back where the caller wants it back', () =>
    withServer(status(400), async ({ server, client }) => {
      expect((await client.request({ method: 'POST', url: server.origin, body: 'x', answers: [400] })).status).toBe(400)
    }))

  it('means what the source says it means', () =>
    withServer(inTurn(status(400), ok), async ({ server, client, runtime }) => {
      const classify = (answer: { status: number }) =>
        answer.status === 400 ? ({ kind: 'throttled', retryAfterMs: 5000 } as const) : undefined
      await client.request({ method: 'GET', url: server.origin, classify })
      expect(runtime.events).toContainEqual(expect.objectContaining({ type: 'throttled', status: 400 }))
    }))

  it('is raised at once when it is too large, announced or not, packed or not', () =>
    withServer(
      inTurn(
        (_, response) => {
          response.writeHead(200, { 'content-length': '100000' })
          response.write('x')
        },
        (_, response) => {
          response.write('x'.repeat(6000))
          response.write('x'.repeat(6000))
        },
        (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' })
          response.end(gzipSync('x'.repeat(100_000)))
        },
      ),
      async ({ server, client }) => {
        for (let i = 1; i <= 3; i++) {
          const request = client.request({ method: 'GET', url: server.origin })
          await expect(request).rejects.toMatchObject({ code: 'PARLEY_RESPONSE_TOO_LARGE' })
          expect(server.seen).toHaveLength(i)
        }
      },
      { maxResponseBytes: 10_000 },
    ))
})
