import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../../libs/http/types.ts'
import { RouteLimits } from '../../../sources/discord/client/limits.ts'
import { readRateHeaders } from '../../../sources/discord/client/rate_headers.ts'
import { routeOf } from '../../../sources/discord/client/routes.ts'

describe('a route', () => {
  it.each([
    ['users/@me/guilds', 'GET users/@me/guilds', ''],
    ['channels/175928847299117063/messages', 'GET channels/:id/messages', '175928847299117063'],
    ['channels/1/messages/23', 'GET channels/:id/messages/:id', '1'],
    ['channels/1/messages/23/reactions/👍', 'GET channels/:id/messages/:id/reactions', '1'],
    ['channels/1/messages/23/reactions/name:9', 'GET channels/:id/messages/:id/reactions', '1'],
    ['channels/1/threads/archived/public', 'GET channels/:id/threads/archived/public', '1'],
    ['guilds/99999999999999999999/members/7', 'GET guilds/:id/members/:id', '99999999999999999999'],
    ['users/12', 'GET users/:id', ''],
  ])('%s', (path, template, major) => {
    expect(routeOf('GET', path.split('/'))).toEqual({ template, major })
  })
})

describe('headers of limits', () => {
  it.each([
    [{}, {}],
    [
      {
        'x-ratelimit-limit': '5',
        'x-ratelimit-remaining': '4',
        'x-ratelimit-reset-after': '4.9991',
        'x-ratelimit-bucket': 'a1b2',
        'x-ratelimit-reset': '1800000000.123',
      },
      { limit: 5, remaining: 4, resetMs: 5000, hash: 'a1b2' },
    ],
    [{ 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset-after': 'NaN' }, {}],
    [{ 'x-ratelimit-bucket': 'x'.repeat(201) }, {}],
  ])('%j', (headers, expected) => {
    expect(readRateHeaders(headers as Record<string, string>)).toEqual(expected)
  })
})

describe('the routes of one hash', () => {
  const messages = routeOf('GET', ['channels', '1', 'messages'])
  const pins = routeOf('GET', ['channels', '1', 'pins'])
  const answer = (status: number, hash: string): HttpResponse => ({
    status,
    headers: { 'x-ratelimit-bucket': hash },
    body: Buffer.alloc(0),
    json: () => undefined,
    date: undefined,
    bytes: 0,
    seconds: 0,
  })
  const keyOf = (limits: RouteLimits, route: typeof messages) => limits.bucketsFor(route)[0].key

  it('share one bucket, until they have one each again', () => {
    const limits = new RouteLimits(50)
    expect(keyOf(limits, pins)).toBe('GET channels/:id/pins 1')
    limits.learn(messages, '', answer(200, 'h'))
    limits.learn(pins, '', answer(200, 'h'))
    expect(keyOf(limits, pins)).toBe('GET channels/:id/messages 1')
    limits.learn(pins, '', answer(200, 'i'))
    expect(keyOf(limits, pins)).toBe('GET channels/:id/pins 1')
  })

  it('are not told by a refusal', () => {
    const limits = new RouteLimits(50)
    limits.learn(messages, '', answer(429, 'h'))
    limits.learn(pins, '', answer(429, 'h'))
    expect(keyOf(limits, pins)).toBe('GET channels/:id/pins 1')
  })

  it('are remembered up to a bound', () => {
    const limits = new RouteLimits(50)
    limits.learn(messages, '', answer(200, 'first'))
    for (let n = 0; n < 5000; n++) limits.learn(messages, '', answer(200, `h${n}`))
    limits.learn(pins, '', answer(200, 'first'))
    expect(keyOf(limits, pins)).toBe('GET channels/:id/pins 1')
  })
})
