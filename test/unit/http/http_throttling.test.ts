import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../../libs/connect/source.ts'
import { createHttpClient } from '../../../libs/http/http_client.ts'
import type { HttpClientOptions } from '../../../libs/http/types.ts'
import { fastRuntime } from './fast_runtime.ts'
import { type Handler, json, serve } from './local_server.ts'

const BUCKETS = [{ key: 'team', limit: 100, windowMs: 1000 }]
const DATE = 'Sun, 22 Nov 2026 10:00:00 GMT'

async function refuseThenServe(
  refusals: readonly (readonly [status: number, headers: Record<string, string>])[],
  options: Partial<HttpClientOptions> & { buckets?: typeof BUCKETS } = {},
) {
  const runtime = fastRuntime()
  let turn = 0
  const handler: Handler = (_, response) => {
    const [status, headers] = refusals[turn++] ?? [200, {}]
    json(response, status, {}, headers)
  }
  await using server = await serve(handler)
  const client = createHttpClient({ runtime, ...options })
  const began = runtime.now()
  try {
    await client.request({ method: 'GET', url: `${server.origin}/p`, buckets: options.buckets ?? BUCKETS })
  } finally {
    await client.close()
  }
  const throttled = runtime.events.filter((event) => event.type === 'throttled')
  return { throttled, seen: server.seen, waitedMs: runtime.now() - began, runtime }
}

describe('a refusal', () => {
  it.each([
    ['whole seconds', 429, { 'retry-after': '3' }, 3],
    ['a fraction', 429, { 'retry-after': '2.128' }, 2.128],
    ['a date against the answer’s own clock', 429, { 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT', date: DATE }, 9],
    ['more than three minutes', 429, { 'retry-after': '600' }, 600],
    ['a 503 that says when', 503, { 'retry-after': '4' }, 4],
  ])('waits at least as long as it asks: %s', async (_, status, headers, seconds) => {
    const { throttled, waitedMs } = await refuseThenServe([[status, headers]])
    expect(waitedMs).toBeGreaterThanOrEqual(seconds * 1000)
    expect(waitedMs).toBeLessThanOrEqual(seconds * 1000 + 1000)
    expect(throttled).toMatchObject([
      { scope: 'team', method: 'GET', path: '/p', status, retry_after: headers['retry-after'] },
    ])
  })

  it.each([
    ['nothing', {}],
    ['zero', { 'retry-after': '0' }],
    ['nonsense', { 'retry-after': 'soon' }],
  ])('that says %s backs off exponentially', async (_, headers) => {
    const { throttled, waitedMs } = await refuseThenServe([
      [429, headers],
      [429, headers],
      [429, headers],
    ])
    // A busy machine may be a millisecond late.
    const waits = throttled.map((event) => Number(event.wait_seconds.toFixed(2)))
    expect(waits).toEqual([0.75, 1.5, 3])
    expect(waitedMs).toBeGreaterThanOrEqual(5250)
  })

  it('without a bucket waits as well', async () => {
    const { waitedMs } = await refuseThenServe([[429, { 'retry-after': '3' }]], { buckets: [] })
    expect(waitedMs).toBeGreaterThanOrEqual(3000)
  })

  it('is no failed attempt', async () => {
    const refusals = Array.from({ length: 20 }, () => [429, { 'retry-after': '1' }] as const)
    const { throttled, seen } = await refuseThenServe(refusals, { maxAttempts: 1 })
    expect([throttled.length, seen.length]).toEqual([20, 21])
  })

  it('that lasts too long is raised, at once when the server says so', async () => {
    const once = refuseThenServe([[429, { 'retry-after': '7200' }]])
    await expect(once).rejects.toMatchObject({ code: 'PARLEY_SOURCE_THROTTLED', kind: 'source' })
    const many = Array.from({ length: 20 }, () => [429, { 'retry-after': '30' }] as const)
    await expect(refuseThenServe(many, { maxThrottleSeconds: 100 })).rejects.toMatchObject({
      code: 'PARLEY_SOURCE_THROTTLED',
    })
  })

  it('pauses all workers of its key', async () => {
    const runtime: Runtime = { ...fastRuntime(), now: Date.now, sleep: (ms) => new Promise((go) => setTimeout(go, ms)) }
    let refusedAt = 0
    await using server = await serve((request, response) => {
      if (refusedAt === 0) {
        refusedAt = request.at
        return json(response, 429, {}, { 'retry-after': '1' })
      }
      json(response, 200, {})
    })
    const client = createHttpClient({ runtime })
    const buckets = [{ key: 'team', limit: 20, windowMs: 1000 }]
    const requests = Array.from({ length: 8 }, () => client.request({ method: 'GET', url: server.origin, buckets }))
    await Promise.all(requests)
    await client.close()
    // One may have been on its way when the refusal came back.
    const early = server.seen.filter((request) => request.at > refusedAt + 100 && request.at < refusedAt + 1000)
    expect(early).toEqual([])
  })
})
