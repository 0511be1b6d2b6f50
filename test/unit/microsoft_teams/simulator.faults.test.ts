import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../../libs/simulator/fault_plan.ts'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { graphClient, requestToken } from '../simulator/graph_client.ts'

interface RawAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  /** `end`, the code of an error, or `timeout`. */
  ended: string
}

const clock = virtualClock()
let simulator: TeamsSimulator
let token: string
let paths: Record<string, string>

beforeAll(async () => {
  simulator = await startTeamsSimulator({ throttle: 'off', clock })
  token = ((await (await requestToken(simulator)).json()) as { access_token: string }).access_token
  const team = simulator.truth.teams()[0]!
  const channel = `/teams/${team.id}/channels/${team.channels[0]!.id}`
  const { json } = [...simulator.truth.messages()].find(
    (row) => row.channel_id === team.channels[0]!.id && row.json.replyToId !== null,
  )!
  paths = {
    groups: '/groups',
    teams: '/teams',
    team: `/teams/${team.id}`,
    channels: `/teams/${team.id}/channels`,
    channel,
    team_members: `/teams/${team.id}/members`,
    channel_members: `${channel}/members`,
    export: `/teams/${team.id}/channels/getAllMessages`,
    channel_messages: `${channel}/messages`,
    delta: `${channel}/messages/delta`,
    message: `${channel}/messages/${json.replyToId}`,
    replies: `${channel}/messages/${json.replyToId}/replies`,
    reply: `${channel}/messages/${json.replyToId}/replies/${json.id}`,
    token: '',
  }
})
afterAll(() => simulator.close())

const ROUTES = [
  'groups',
  'teams',
  'team',
  'channels',
  'channel',
  'team_members',
  'channel_members',
  'export',
  'channel_messages',
  'delta',
  'message',
  'replies',
  'reply',
  'token',
]

/** One request of a route on a connection of its own; the token route gets a good sign-in. */
function ask(route: string, fault: Fault): Promise<RawAnswer> {
  simulator.setFaults({ rules: [{ route, fault }] })
  const { connection, origin } = simulator
  const form = new URLSearchParams({
    client_id: connection.client_id,
    client_secret: connection.client_secret,
    scope: 'https://graph.microsoft.com/.default',
    grant_type: 'client_credentials',
  })
  const signIn = route === 'token'
  const url = signIn ? `${origin}/${connection.tenant_id}/oauth2/v2.0/token` : `${origin}/v1.0${paths[route]!}`
  const headers = signIn
    ? { 'content-type': 'application/x-www-form-urlencoded' }
    : { authorization: `Bearer ${token}` }
  return new Promise((resolve) => {
    const answer: RawAnswer = { status: 0, headers: {}, body: '', ended: '' }
    const end = (how: string): void => {
      answer.ended ||= how
      request.destroy()
      resolve(answer)
    }
    const request = httpRequest(url, { method: signIn ? 'POST' : 'GET', headers, agent: false })
    request.setTimeout(150, () => end('timeout'))
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
    request.end(signIn ? form.toString() : undefined)
  })
}

describe.each(ROUTES)('faults on %s', (route) => {
  it('on the wire', async () => {
    expect(await ask(route, { kind: 'reset', when: 'before_headers' })).toMatchObject({
      status: 0,
      ended: 'ECONNRESET',
    })
    const reset = await ask(route, { kind: 'reset', when: 'mid_body' })
    expect(reset).toMatchObject({ status: 200, ended: 'ECONNRESET' })
    const cut = await ask(route, { kind: 'truncate', declared: 'cut' })
    expect(cut.ended).toBe('end')
    expect(() => JSON.parse(cut.body)).toThrow(SyntaxError)
    const short = await ask(route, { kind: 'truncate', declared: 'full' })
    expect(short.ended).toBe('ECONNRESET')
    expect(short.body.length).toBeLessThan(Number(short.headers['content-length']))
    expect(await ask(route, { kind: 'stall', when: 'before_headers' })).toMatchObject({ status: 0, ended: 'timeout' })
    expect(await ask(route, { kind: 'stall', when: 'mid_body' })).toMatchObject({ status: 200, ended: 'timeout' })
    const drip = await ask(route, { kind: 'drip', chunk_bytes: 1_000_000, every_ms: 0 })
    expect(() => JSON.parse(drip.body)).not.toThrow()
    const huge = await ask(route, { kind: 'huge', bytes: 100_000 })
    expect(JSON.parse(huge.body)).toHaveProperty(['@simulator.padding'])
    const malformed = await ask(route, { kind: 'malformed' })
    expect(malformed.status).toBe(200)
    expect(() => JSON.parse(malformed.body)).toThrow(SyntaxError)
  })

  it('instead of an answer: every form of Retry-After, redirects to another host', async () => {
    for (const [retry_after, expected] of [
      [10, '10'],
      [2.128, '2.128'],
      [0, '0'],
      [3600, '3600'],
      [{ http_date_in: 90 }, new Date(clock.now() + 90_000).toUTCString()],
      ['soon', 'soon'],
      [null, undefined],
    ] as const) {
      for (const fault of [
        { kind: 'throttle', retry_after },
        { kind: 'status', status: 503, retry_after },
      ] as const) {
        const answer = await ask(route, fault)
        expect(answer.status).toBe(fault.kind === 'throttle' ? 429 : 503)
        expect(answer.headers['retry-after']).toBe(expected)
        expect(JSON.parse(answer.body)).toHaveProperty('error')
      }
    }
    const location = 'http://127.0.0.2:9/elsewhere'
    expect(await ask(route, { kind: 'redirect', location })).toMatchObject({ status: 302, headers: { location } })
    expect(await ask(route, { kind: 'redirect', location, status: 307 })).toMatchObject({ status: 307 })
  })
})

describe('the sign-in', () => {
  it('speaks its own tongue in faults', async () => {
    const transient = await ask('token', { kind: 'status', status: 503 })
    expect(JSON.parse(transient.body)).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90033] })
    const message = 'AADSTS7000222: The provided client secret keys are expired.'
    const told = await ask('token', { kind: 'status', status: 401, code: 'invalid_client', message })
    expect(JSON.parse(told.body)).toMatchObject({ error: 'invalid_client', error_codes: [7000222] })
    expect(JSON.parse(told.body).error_description).toMatch(/^AADSTS7000222: The provided client secret keys are/)
  })

  it('fails twice and then succeeds', async () => {
    simulator.setFaults({ rules: [{ route: 'token', nth: [2, 3], fault: { kind: 'status', status: 500 } }] })
    const answers: number[] = []
    for (let time = 0; time < 4; time++) answers.push((await requestToken(simulator)).status)
    expect(answers).toEqual([200, 500, 500, 200])
  })

  it('gives tokens that last so many Graph requests', async () => {
    const own = await startTeamsSimulator({ throttle: 'off', tokenRequests: 3 })
    const client = await graphClient(own)
    const answers: number[] = []
    for (const path of ['/teams', '/teams/unknown', '/teams', '/teams', '/teams'])
      answers.push((await client.get(path)).status)
    expect(answers).toEqual([200, 404, 200, 401, 401])
    const again = await graphClient(own)
    expect((await again.get('/teams')).status).toBe(200)
    await own.close()
  })
})

describe('rows of pages', () => {
  const pages = ROUTES.filter((route) => !['team', 'channel', 'message', 'reply', 'token'].includes(route))
  const json = '{"id":"a","id":"b","n":9007199254740993,"__proto__":{"x":1},"text":"\\ud800\\u0000"}'

  it.each(pages)('%s: one is this text, letter for letter', async (route) => {
    const plain = JSON.parse((await ask(route, { kind: 'drip', chunk_bytes: 1_000_000, every_ms: 0 })).body)
    const { body, headers } = await ask(route, { kind: 'raw_row', json })
    expect(body.split(json)).toHaveLength(2)
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body, 'latin1')))
    expect(JSON.parse(body).value.slice(1)).toEqual(plain.value.slice(1))
    if (plain.value.length > 1) expect((await ask(route, { kind: 'raw_row', row: 1, json })).body).toContain(`,${json}`)
  })

  it.each(pages)('%s: in another order', async (route) => {
    const plain = JSON.parse((await ask(route, { kind: 'drip', chunk_bytes: 1_000_000, every_ms: 0 })).body)
    const shuffled = JSON.parse((await ask(route, { kind: 'shuffle' })).body)
    const ids = (page: { value: { id: string }[] }): string[] => page.value.map((row) => row.id)
    expect(new Set(ids(shuffled))).toEqual(new Set(ids(plain)))
    if (plain.value.length > 5) expect(ids(shuffled)).not.toEqual(ids(plain))
    expect(shuffled['@odata.nextLink'] === undefined).toBe(plain['@odata.nextLink'] === undefined)
  })

  it('a plan without the text is wrong', () => {
    expect(() => simulator.setFaults({ rules: [{ fault: { kind: 'raw_row' } as never }] })).toThrow('JSON text')
  })
})
