import { describe, expect, it } from 'vitest'
import { type Handler, json } from '../http/local_server.ts'
import { CALL, SECRET, startGraph } from './graph_server.ts'

describe('requests', () => {
  it('have encoded segments, %20 for spaces, and our headers', async () => {
    await using graph = await startGraph()
    const channel = '19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2'
    const $filter = "lastModifiedDateTime gt 2026-11-22T10:00:00Z and displayName eq 'A+B & C'"
    await graph.client.get(['teams', 'a/b', 'channels', channel], { $top: 50, $filter }, CALL)
    const [request] = graph.graph()
    expect(request!.url).toBe(
      '/v1.0/teams/a%2Fb/channels/19%3A4a95f7d8db4c4e7fae857bcebe0623e6%40thread.tacv2' +
        "?$top=50&$filter=lastModifiedDateTime%20gt%202026-11-22T10:00:00Z%20and%20displayName%20eq%20'A%2BB%20%26%20C'",
    )
    expect(new URL(request!.url, 'http://x').searchParams.get('$filter')).toBe($filter)
    expect(request!.headers).toMatchObject({
      prefer: 'include-unknown-enum-members',
      'user-agent': 'parley-lakehouse',
      authorization: 'Bearer access-token-1',
    })
  })

  it('answer the body, its bytes and the date; the latest date of the host is kept', async () => {
    const dates = ['Sun, 22 Nov 2026 10:00:00 GMT', 'Sun, 22 Nov 2026 11:00:00 GMT']
    await using graph = await startGraph({
      graph: (_, response) => json(response, 200, { value: [{ id: '1' }] }, { date: dates.shift()! }),
    })
    expect(graph.client.lastDate).toBeUndefined()
    const first = await graph.client.get(['teams'], {}, CALL)
    expect(first).toEqual({ body: { value: [{ id: '1' }] }, bytes: 22, date: Date.UTC(2026, 10, 22, 10) })
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.client.lastDate).toBe(Date.UTC(2026, 10, 22, 11))
  })

  it('know the time from a refusal as well', async () => {
    await using graph = await startGraph({
      graph: (_, response) => json(response, 403, {}, { date: 'Sun, 22 Nov 2026 10:00:00 GMT' }),
    })
    await graph.client.get(['teams'], {}, CALL).catch(() => {})
    expect(graph.client.lastDate).toBe(Date.UTC(2026, 10, 22, 10))
  })

  it('count against the limits of their row, team and channel', async () => {
    await using graph = await startGraph()
    const call = { ...CALL, kind: 'channel_messages', teamId: 't', channelId: 'c' } as const
    const began = graph.runtime.now()
    for (let i = 0; i < 4; i++) await graph.client.get(['teams', 't', 'channels', 'c', 'messages'], {}, call)
    expect(graph.runtime.now() - began).toBeGreaterThanOrEqual(3000)
  })
})

describe('gaps of the vendor’s client', () => {
  it('sends Authorization on plain http', async () => {
    await using graph = await startGraph()
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.graph()[0]!.headers.authorization).toBe('Bearer access-token-1')
  })

  it.each([500, 502, 408, 509])('asks again after %i', async (status) => {
    let turn = 0
    await using graph = await startGraph({
      graph: (_, response) => json(response, turn++ === 0 ? status : 200, { value: [] }),
    })
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.graph()).toHaveLength(2)
  })

  it('asks again after a broken connection', async () => {
    let turn = 0
    await using graph = await startGraph({
      graph: (_, response, socket) => {
        if (turn++ === 0) return void socket.destroy()
        json(response, 200, { value: [] })
      },
    })
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.graph()).toHaveLength(2)
  })

  it('waits longer than 180 s when asked to', async () => {
    let turn = 0
    await using graph = await startGraph({
      graph: (_, response) => {
        if (turn++ > 0) return json(response, 200, { value: [] })
        json(response, 429, { error: { code: 'TooManyRequests', message: 'later' } }, { 'retry-after': '400' })
      },
    })
    const began = graph.runtime.now()
    await graph.client.get(['teams'], {}, CALL)
    expect(graph.runtime.now() - began).toBeGreaterThanOrEqual(400_000)
    expect(graph.graph()).toHaveLength(2)
  })

  it('follows http links exactly as they are written', async () => {
    await using graph = await startGraph()
    const target = `/v1.0/teams('a')/channels/getallMessages?$top=50&$skiptoken=U2tpcA%3d%3d&$filter=a+gt+'b'`
    await graph.client.follow(graph.server.origin + target, CALL)
    expect(graph.graph()[0]!.url).toBe(target)
    expect(graph.graph()[0]!.headers).toMatchObject({ prefer: 'include-unknown-enum-members' })
  })

  it('shows its own errors, not wrapped ones', async () => {
    await using graph = await startGraph({ token: (_, response) => json(response, 400, {}) })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({ code: 'PARLEY_AUTH_FAILED' })
  })
})

describe('links and redirects', () => {
  it('to another origin are refused before a token is fetched', async () => {
    await using graph = await startGraph()
    const link = 'https://graph.microsoft.com.evil.example/v1.0/teams?$skiptoken=x'
    await expect(graph.client.follow(link, CALL)).rejects.toMatchObject({ code: 'PARLEY_FOREIGN_LINK' })
    expect(graph.server.seen).toEqual([])
  })

  it('to another host are not followed', async () => {
    await using elsewhere = await startGraph()
    await using graph = await startGraph({
      graph: (_, response) => void response.writeHead(302, { location: elsewhere.server.origin }).end(),
    })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({ code: 'PARLEY_FOREIGN_REDIRECT' })
    expect(elsewhere.server.seen).toEqual([])
  })
})

describe('answers that are not what Graph sends', () => {
  it.each([
    ['a list', [1]],
    ['a text', 'hello'],
    ['null', null],
    ['an error under 200', { error: { code: 'x' } }],
  ])('%s raises after retries', async (_, body) => {
    await using graph = await startGraph({ graph: (_request, response) => json(response, 200, body) })
    await expect(graph.client.get(['teams'], {}, CALL)).rejects.toMatchObject({ code: 'PARLEY_MALFORMED_RESPONSE' })
    expect(graph.graph()).toHaveLength(8)
  })

  it('a collection without its list raises where one is expected', async () => {
    await using graph = await startGraph({ graph: (_, response) => json(response, 200, { values: [] }) })
    const call = { ...CALL, expect: 'collection' } as const
    await expect(graph.client.get(['teams'], {}, call)).rejects.toMatchObject({ code: 'PARLEY_MALFORMED_RESPONSE' })
    await expect(graph.client.get(['teams', 'x'], {}, CALL)).resolves.toBeDefined()
  })
})

describe('secrets', () => {
  const echo: Handler = (request, response) => {
    const bearer = request.headers.authorization
    const message = `You sent ${bearer} and ${Buffer.from(SECRET).toString('base64')} and ${encodeURIComponent(SECRET)}`
    json(response, 403, { error: { code: `Forbidden ${bearer}`, message } })
  }

  it('are in no error and no event, even when the server repeats them', async () => {
    await using graph = await startGraph({ graph: echo })
    const error = await graph.client.get(['teams'], { $skiptoken: 'page-token' }, CALL).catch((caught) => caught)
    const shown = [
      JSON.stringify(error),
      error.message,
      String(error.stack),
      JSON.stringify(graph.runtime.events),
    ].join()
    expect(error.code).toBe('PARLEY_PERMISSION_MISSING')
    for (const secret of [
      SECRET,
      encodeURIComponent(SECRET),
      Buffer.from(SECRET).toString('base64'),
      'access-token-1',
      'page-token',
    ]) {
      expect(shown).not.toContain(secret)
    }
  })

  it('are in no error of the login service', async () => {
    await using graph = await startGraph({
      token: (request, response) => {
        const description = `AADSTS7000215: you sent ${request.body}`
        json(response, 401, { error: 'invalid_client', error_description: description, error_codes: [7000215] })
      },
    })
    const error = await graph.client.get(['teams'], {}, CALL).catch((caught) => caught)
    const shown = [JSON.stringify(error), String(error.stack), String(error.cause)].join()
    expect(error.code).toBe('PARLEY_AUTH_INVALID_SECRET')
    expect(shown).not.toContain(SECRET)
    expect(shown).not.toContain(encodeURIComponent(SECRET))
  })
})
