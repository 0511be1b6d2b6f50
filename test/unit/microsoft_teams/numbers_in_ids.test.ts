import { describe, expect, it } from 'vitest'
import { timestamp } from '../../../libs/schema/builders.ts'
import { asRefusal, isLostToken } from '../../../sources/microsoft_teams/feeds/refusal.ts'
import { json } from '../http/local_server.ts'
import { through } from '../schema/support.ts'
import { CALL, startGraph } from './graph_server.ts'

/** Ids of messages are milliseconds: about one in fifty has 403 or 404 in it. */
const REPLIES = ['teams', 't', 'channels', 'c', 'messages', '1700004040123', 'replies']

describe('what a status says is not read from a text that has its digits', () => {
  it('a server error whose body names 404 and 403 is asked again, and is no refusal in the end', async () => {
    await using graph = await startGraph({
      graph: (_, response) => json(response, 500, { error: { code: '404', message: 'request 4041-4030 failed' } }),
    })
    const error = await graph.client.get(REPLIES, {}, CALL).catch((caught) => caught)
    expect(graph.graph().length).toBeGreaterThan(1)
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
    expect([asRefusal(error), isLostToken(error)]).toEqual([null, false])
  })

  it('a message with 404 in its id is asked for again when it was throttled', async () => {
    let answers = 0
    await using graph = await startGraph({
      graph: (_, response) =>
        ++answers <= 5
          ? json(response, 429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '2.128' })
          : json(response, 200, { value: [{ id: '1700004040124' }] }),
    })
    const { body } = await graph.client.get(REPLIES, {}, CALL)
    expect(body).toEqual({ value: [{ id: '1700004040124' }] })
    expect(answers).toBe(6)
  })

  it('a wrong secret is one, also in a tenant whose id has 403 and 404 in it', async () => {
    const refused = { error: 'invalid_client', error_codes: [7000215], error_description: 'AADSTS7000215: no.' }
    await using graph = await startGraph({
      token: (_, response) => json(response, 401, refused),
      options: { tenant_id: 'aaaa4040-0403-43db-aa7b-16eadd115d34' },
    })
    const error = await graph.client.get(REPLIES, {}, CALL).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'PARLEY_AUTH_INVALID_SECRET' })
    expect(asRefusal(error)).toBeNull()
  })
})

it('times are compared as times, however many digits their fraction has', () => {
  const texts = [
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.5Z',
    '2026-01-01T00:00:00.57Z',
    '2026-01-01T00:00:00.999Z',
  ]
  const times = texts.map((text) => through(timestamp(), text).value as bigint)
  expect(times.toSorted((a, b) => Number(a - b))).toEqual(times)
  expect(texts.toSorted(), 'as texts they are in another order').not.toEqual(texts)
})
