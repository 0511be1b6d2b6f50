import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../libs/simulator/fault_plan.ts'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient, requestToken } from './graph_client.ts'

interface RawAnswer {
  status?: number
  headers: Record<string, string | string[] | undefined>
  body: string
  /** Code of the error that ended it, or `timeout` where nothing came for long. */
  ended: string
}

let simulator: TeamsSimulator
let client: GraphClient
let token: string
const clock = virtualClock()

beforeAll(async () => {
  simulator = await startTeamsSimulator({ throttle: 'off', clock })
  client = await graphClient(simulator)
  token = ((await (await requestToken(simulator)).json()) as { access_token: string }).access_token
})
afterAll(() => simulator.close())

/** One request on a connection of its own, as it is seen on the wire. */
function ask(fault: Fault, patience = 300): Promise<RawAnswer> {
  simulator.setFaults({ rules: [{ fault }] })
  return new Promise((resolve) => {
    const answer: RawAnswer = { headers: {}, body: '', ended: '' }
    const end = (how: string): void => {
      answer.ended ||= how
      request.destroy()
      resolve(answer)
    }
    const request = httpRequest(`${simulator.origin}/v1.0/teams?$top=2`, {
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    })
    request.setTimeout(patience, () => end('timeout'))
    request.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    request.on('response', (response) => {
      answer.status = response.statusCode!
      answer.headers = response.headers
      response.on('data', (chunk: Buffer) => {
        answer.body += chunk.toString('latin1')
      })
      response.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
      response.on('end', () => end('end'))
    })
    request.end()
  })
}

describe('faults on the wire', () => {
  it('resets before headers', async () => {
    const answer = await ask({ kind: 'reset', when: 'before_headers' })
    expect(answer).toMatchObject({ ended: 'ECONNRESET', body: '' })
    expect(answer.status).toBeUndefined()
  })

  it('resets in the middle of the body', async () => {
    const answer = await ask({ kind: 'reset', when: 'mid_body' })
    expect(answer).toMatchObject({ status: 200, ended: 'ECONNRESET' })
    expect(answer.body.length).toBeLessThan(Number(answer.headers['content-length']))
  })

  it('cuts JSON and announces the whole length', async () => {
    const answer = await ask({ kind: 'truncate', declared: 'full' })
    expect(answer).toMatchObject({ status: 200, ended: 'ECONNRESET' })
    expect(answer.body.length).toBeGreaterThan(0)
    expect(answer.body.length).toBeLessThan(Number(answer.headers['content-length']))
  })

  it('cuts JSON and announces just that', async () => {
    const answer = await ask({ kind: 'truncate', declared: 'cut' })
    expect(answer).toMatchObject({ status: 200, ended: 'end' })
    expect(answer.body.length).toBe(Number(answer.headers['content-length']))
    expect(() => JSON.parse(answer.body)).toThrow(SyntaxError)
  })

  it('stalls before headers', async () => {
    expect(await ask({ kind: 'stall', when: 'before_headers' })).toMatchObject({ ended: 'timeout', body: '' })
  })

  it('stalls in the middle of the body', async () => {
    const answer = await ask({ kind: 'stall', when: 'mid_body' })
    expect(answer).toMatchObject({ status: 200, ended: 'timeout' })
    expect(answer.body).not.toBe('')
  })

  it('goes on after a stall that ends', async () => {
    const asked = ask({ kind: 'stall', when: 'mid_body', ms: 5000 }, 5000)
    const turning = setInterval(() => clock.advance(1000), 5)
    const answer = await asked
    clearInterval(turning)
    expect(answer.ended).toBe('end')
    expect(JSON.parse(answer.body).value).toHaveLength(2)
  })

  it('drips', async () => {
    const asked = ask({ kind: 'drip', chunk_bytes: 40, every_ms: 1000 }, 5000)
    const turning = setInterval(() => clock.advance(1000), 1)
    const before = clock.now()
    const answer = await asked
    clearInterval(turning)
    expect(JSON.parse(answer.body).value).toHaveLength(2)
    expect(clock.now() - before).toBeGreaterThanOrEqual(Math.floor(answer.body.length / 40) * 1000)
  })

  it('answers with far more than anybody asked for, in valid JSON', async () => {
    const answer = await ask({ kind: 'huge', bytes: 3_000_000 }, 5000)
    expect(answer.body.length).toBe(Number(answer.headers['content-length']))
    expect(answer.body.length).toBeGreaterThan(3_000_000)
    expect(JSON.parse(answer.body).value).toHaveLength(2)
  })

  it('answers what is not JSON', async () => {
    const answer = await ask({ kind: 'malformed' })
    expect(answer).toMatchObject({ status: 200, ended: 'end' })
    expect(() => JSON.parse(answer.body)).toThrow(SyntaxError)
  })

  it('redirects to another host', async () => {
    const answer = await ask({ kind: 'redirect', location: 'http://127.0.0.2:1/elsewhere' })
    expect(answer).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.2:1/elsewhere' } })
  })
})

describe('faults in place of an answer', () => {
  it.each<[number | string | { http_date_in: number } | null, string | undefined]>([
    [10, '10'],
    [2.128, '2.128'],
    [0, '0'],
    [3600, '3600'],
    [{ http_date_in: 90 }, 'date'],
    [null, undefined],
  ])('throttles with Retry-After %j', async (retry_after, expected) => {
    const answer = await ask({ kind: 'throttle', retry_after })
    const header = answer.headers['retry-after'] as string | undefined
    expect(answer.status).toBe(429)
    expect(header).toBe(expected === 'date' ? new Date(clock.now() + 90_000).toUTCString() : expected)
    expect(JSON.parse(answer.body).error).toMatchObject({
      code: 'TooManyRequests',
      innerError: { code: '429', status: '429' },
    })
  })

  it.each([500, 502, 503, 504, 509])('answers %i', async (status) => {
    const answer = await ask({ kind: 'status', status, ...(status === 503 ? { retry_after: 5 } : {}) })
    expect(answer.status).toBe(status)
    expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined)
    expect(JSON.parse(answer.body).error.code).toBe('UnknownError')
  })

  it('says that the token is over', async () => {
    const answer = await ask({ kind: 'token_expired' })
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.body).error.code).toBe('InvalidAuthenticationToken')
  })
})

describe('faults of pages', () => {
  const team = (): string => simulator.truth.teams()[0]!.id

  it('serves an empty page whose link leads to the rows', async () => {
    simulator.setFaults({ rules: [{ route: 'export', nth: 2, fault: { kind: 'empty_page' } }] })
    const first = await client.get(`/teams/${team()}/channels/getAllMessages?$top=5`)
    const empty = await client.get(first.body['@odata.nextLink'] as string)
    expect(empty.body).toMatchObject({ value: [], '@odata.count': 0 })
    expect(empty.body['@odata.nextLink']).not.toBe(first.body['@odata.nextLink'])
    const third = await client.get(empty.body['@odata.nextLink'] as string)
    simulator.setFaults(null)
    expect(third.body.value).toEqual((await client.get(first.body['@odata.nextLink'] as string)).body.value)
  })

  it('serves rows of the page before again', async () => {
    simulator.setFaults({ rules: [{ route: 'export', query: '$skiptoken', fault: { kind: 'overlap', rows: 2 } }] })
    const first = await client.get(`/teams/${team()}/channels/getAllMessages?$top=5`)
    const second = await client.get(first.body['@odata.nextLink'] as string)
    expect(second.body.value).toHaveLength(7)
    expect(second.body.value!.slice(0, 2)).toEqual(first.body.value!.slice(3))
  })

  it('serves a link that leads nowhere else', async () => {
    simulator.setFaults({ rules: [{ route: 'export', query: '$skiptoken', fault: { kind: 'repeat_link' } }] })
    const first = await client.get(`/teams/${team()}/channels/getAllMessages?$top=5`)
    const second = await client.get(first.body['@odata.nextLink'] as string)
    const third = await client.get(second.body['@odata.nextLink'] as string)
    expect(third.body['@odata.nextLink']).toBe(second.body['@odata.nextLink'])
    expect(third.body.value).toEqual(second.body.value)
  })

  it('counts what it did', () => {
    const { faults } = simulator.stats()
    expect(faults).toMatchObject({
      reset: 2,
      truncate: 2,
      stall: 3,
      drip: 1,
      huge: 1,
      empty_page: 1,
      overlap: 1,
      repeat_link: 2,
    })
  })
})
