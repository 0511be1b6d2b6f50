import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../libs/http/redaction.ts'
import { TokenProvider } from '../../../sources/microsoft_teams/auth.ts'
import { json } from '../http/local_server.ts'
import { CALL, SECRET, startGraph } from './graph_server.ts'

describe('the token request', () => {
  it('is one POST with the documented form, for the cloud’s own Graph', async () => {
    await using graph = await startGraph({ options: { cloud: 'us_gov_l5' } })
    await graph.client.get(['teams'], {}, CALL)
    const [request, ...others] = graph.tokens()
    expect(others).toEqual([])
    expect(request!.method).toBe('POST')
    expect(request!.url).toMatch(
      /^\/2432b57b-0abd-43db-aa7b-16eadd115d34\/oauth2\/v2\.0\/token(\?client-request-id=|$)/,
    )
    const form = Object.fromEntries(new URLSearchParams(request!.body))
    expect(form).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'https://dod-graph.microsoft.us/.default',
      client_id: '61f3d9a6-6f0e-4d1b-8f2c-0f0a5b1a2c3d',
      client_secret: SECRET,
    })
  })

  it('is sent once for 50 requests at one time', async () => {
    await using graph = await startGraph()
    await Promise.all(Array.from({ length: 50 }, () => graph.client.get(['teams'], {}, { ...CALL, kind: 'export' })))
    expect([graph.tokens().length, graph.graph().length]).toEqual([1, 50])
  })

  it('is sent once for 50 requests whose token is refused', async () => {
    await using graph = await startGraph({
      graph: (request, response) =>
        json(response, request.headers.authorization === 'Bearer access-token-1' ? 401 : 200, {}),
    })
    await Promise.all(Array.from({ length: 50 }, () => graph.client.get(['teams'], {}, { ...CALL, kind: 'export' })))
    expect(graph.tokens()).toHaveLength(2)
  })

  it.each([
    [429, { 'retry-after': '20' }, 20_000],
    [503, {}, 0],
    [500, {}, 0],
  ])('is sent again after %i', async (status, headers, atLeastMs) => {
    let turn = 0
    await using graph = await startGraph({
      token: (_, response) => {
        if (turn++ === 0) return json(response, status, { error: 'temporarily_unavailable' }, headers)
        json(response, 200, { access_token: 'late-token', expires_in: 3599 })
      },
    })
    const began = graph.runtime.now()
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.tokens()).toHaveLength(2)
    expect(graph.runtime.now() - began).toBeGreaterThanOrEqual(atLeastMs)
  })

  it('is sent again when the answer has no token', async () => {
    let turn = 0
    await using graph = await startGraph({
      token: (_, response) => json(response, 200, turn++ === 0 ? {} : { access_token: 'a-token', expires_in: '3599' }),
    })
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.graph()[0]!.headers.authorization).toBe('Bearer a-token')
  })

  it('does not deadlock with a single slot', async () => {
    await using graph = await startGraph({ options: { max_concurrent_requests: 1 } })
    await Promise.all([1, 2, 3].map(() => graph.client.get(['teams'], {}, CALL)))
    expect(graph.graph()).toHaveLength(3)
  })
})

describe('a refusal by the login service', () => {
  it.each([
    [401, 'invalid_client', 7000215, 'PARLEY_AUTH_INVALID_SECRET'],
    [401, 'invalid_client', 7000222, 'PARLEY_AUTH_EXPIRED_SECRET'],
    [400, 'unauthorized_client', 700016, 'PARLEY_AUTH_UNKNOWN_APP'],
    [400, 'invalid_request', 90002, 'PARLEY_AUTH_UNKNOWN_TENANT'],
    [400, 'invalid_scope', 70011, 'PARLEY_AUTH_INVALID_SCOPE'],
    [401, 'invalid_client', 7000218, 'PARLEY_AUTH_NO_CREDENTIAL'],
    [401, 'invalid_client', 700027, 'PARLEY_AUTH_BAD_ASSERTION'],
    [400, 'invalid_grant', 53003, 'PARLEY_AUTH_CONDITIONAL_ACCESS'],
    [400, 'invalid_request', 999, 'PARLEY_AUTH_FAILED'],
    [403, 'access_denied', 999, 'PARLEY_AUTH_FAILED'],
  ])('%i %s AADSTS%i is %s, at once', async (status, error, number, code) => {
    const body = { error, error_codes: [number], error_description: 'changes', trace_id: 'tr', correlation_id: 'co' }
    await using graph = await startGraph({ token: (_, response) => json(response, status, body) })
    const thrown = await graph.client.get(['teams'], {}, CALL).catch((caught) => caught)
    expect(thrown).toMatchObject({ code, kind: 'configuration', details: { status, error, number, trace_id: 'tr' } })
    expect(thrown.remedy).not.toBe('')
    expect([graph.tokens().length, graph.graph().length]).toEqual([1, 0])
  })

  it('is read from the documented number in the text where error_codes is missing', async () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000215: anything' }
    await using graph = await startGraph({ token: (_, response) => json(response, 401, body) })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({ code: 'PARLEY_AUTH_INVALID_SECRET' })
  })

  it('that is a page of a proxy is an error of its own', async () => {
    await using graph = await startGraph({ token: (_, response) => void response.writeHead(403).end('<html>') })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({
      code: 'PARLEY_AUTH_FAILED',
      details: { status: 403 },
    })
  })

  it('does not poison the connection: the next request asks again', async () => {
    let turn = 0
    await using graph = await startGraph({
      token: (_, response) =>
        turn++ === 0
          ? json(response, 401, { error: 'invalid_client' })
          : json(response, 200, { access_token: 'ok-token', expires_in: 60 }),
    })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({ code: 'PARLEY_AUTH_FAILED' })
    await expect(graph.client.get(['teams'], {}, CALL)).resolves.toBeDefined()
  })
})

describe('options', () => {
  const base = { tenant_id: 't', client_id: 'c', client_secret: 's' }

  it.each([
    ['no credential', { client_secret: '', client_certificate: '' }, 'PARLEY_AUTH_NO_CREDENTIAL'],
    ['any tenant', { tenant_id: 'common' }, 'PARLEY_OPTION_INVALID'],
    ['a path for a tenant', { tenant_id: '../x' }, 'PARLEY_OPTION_INVALID'],
    ['text for a certificate', { client_certificate: 'x' }, 'PARLEY_CERTIFICATE_UNUSABLE'],
  ])('with %s are refused before any request', async (_, options, code) => {
    await expect(startGraph({ options: { ...base, ...options } })).rejects.toMatchObject({ code })
  })
})

describe('the life of a token', () => {
  /** A provider on a clock that is set by hand; fetches end when they are told to. */
  function provider(seconds: number) {
    const time = { now: 0, fetches: 0, fail: false }
    const source = {
      fetch: async () => {
        time.fetches++
        if (time.fail) throw new Error('no token')
        return { value: `token-number-${time.fetches}`, seconds }
      },
    }
    const tokens = new TokenProvider(source, { now: () => time.now }, createRedactor())
    const ask = async (force = false, rejected?: Record<string, string>) => {
      const { signal } = new AbortController()
      const headers = await tokens.authorize({ attempt: 1, force, signal, ...(rejected ? { rejected } : {}) })
      await new Promise(setImmediate)
      return headers.authorization
    }
    return { time, ask }
  }

  it('an hour: renewed five minutes before its end, without waiting', async () => {
    const { time, ask } = provider(3600)
    expect(await ask()).toBe('Bearer token-number-1')
    time.now = 3_299_000
    expect(await ask()).toBe('Bearer token-number-1')
    expect(time.fetches).toBe(1)
    time.now = 3_300_000
    expect(await ask()).toBe('Bearer token-number-1')
    expect(time.fetches).toBe(2)
    expect(await ask()).toBe('Bearer token-number-2')
  })

  it.each([3, 30])('%i seconds: renewed at half of it, and no more often', async (seconds) => {
    const { time, ask } = provider(seconds)
    for (time.now = 0; time.now < 60_000; time.now += 100) await ask()
    expect(time.fetches).toBeLessThanOrEqual(Math.ceil(60 / (seconds / 2)) + 1)
    expect(time.fetches).toBeGreaterThanOrEqual(60 / seconds)
  })

  it('a renewal that fails matters only when the token has ended', async () => {
    const { time, ask } = provider(3600)
    await ask()
    time.fail = true
    for (time.now = 3_300_000; time.now < 3_600_000; time.now += 1000) expect(await ask()).toBe('Bearer token-number-1')
    expect(time.fetches).toBeLessThanOrEqual(32)
    await expect(ask()).rejects.toThrow('no token')
  })

  it('one that was refused is replaced, one that was replaced meanwhile is not', async () => {
    const { time, ask } = provider(3600)
    const first = await ask()
    expect(await ask(true, { authorization: first! })).toBe('Bearer token-number-2')
    expect(await ask(true, { authorization: first! })).toBe('Bearer token-number-2')
    expect(time.fetches).toBe(2)
  })
})
