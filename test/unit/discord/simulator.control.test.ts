import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type DiscordSimulator,
  type Fault,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let channel_id: string

beforeEach(async () => {
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off' })
  client = discordClient(simulator)
  channel_id = [...simulator.truth.channels()].find(({ json }) => json.name === 'general')!.id
})
afterEach(() => simulator.close())

async function lines(query: string): Promise<JsonObject[]> {
  const text = await (await fetch(`${simulator.origin}/_simulator/truth?${query}`)).text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const control = async (name: string): Promise<JsonObject> =>
  (await fetch(`${simulator.origin}/_simulator/${name}`)).json() as Promise<JsonObject>

describe('control calls', () => {
  it('GET truth streams rows of any kind', async () => {
    expect(await lines('')).toEqual([...simulator.truth.messages()])
    for (const rows of [
      'guilds',
      'channels',
      'threads',
      'roles',
      'members',
      'emojis',
      'reactions',
      'attachments',
      'pins',
    ] as const)
      expect(await lines(`rows=${rows}`)).toEqual([...simulator.truth[rows]()])
    expect(await control('truth?counts=true')).toEqual(simulator.truth.counts())
    expect(await control('truth?digest=true')).toEqual({ digest: simulator.truth.digest() })
    expect(await control('truth?gone=true')).toEqual(simulator.truth.gone)
    expect((await fetch(`${simulator.origin}/_simulator/truth?rows=dogs`)).status).toBe(400)
  })

  it('the truth is of all there is, or of what the bot may read', async () => {
    simulator.mutate.hideChannel({ channel_id })
    expect((await lines(`channel_id=${channel_id}`)).length).toBeGreaterThan(50)
    const visible = [...simulator.truth.messages({ rights: 'visible' })]
    expect(visible.some((row) => row.channel_id === channel_id)).toBe(false)
    expect(visible.length).toBeGreaterThan(20)
    expect([...simulator.truth.channels({ rights: 'visible' })].map(({ id }) => id)).not.toContain(channel_id)
  })

  it('counts agree with rows', () => {
    const counts = simulator.truth.counts()
    expect(counts).toMatchObject({
      messages: [...simulator.truth.messages()].length,
      reactions: [...simulator.truth.reactions()].length,
      attachments: [...simulator.truth.attachments()].length,
      members: [...simulator.truth.members()].length,
      channels: [...simulator.truth.channels()].length,
      threads: [...simulator.truth.threads()].length,
      pins: [...simulator.truth.pins()].length,
    })
    expect(simulator.truth.loaded.messages).toBe(counts.messages)
    expect(simulator.truth.loaded.lastAt).toBeLessThanOrEqual(simulator.clock.now() - 120_000)
  })

  it('stats and log leave control calls out', async () => {
    simulator.resetStats()
    await client.list(`/channels/${channel_id}/messages?limit=7`)
    await control('truth?counts=true')
    expect(await control('stats')).toMatchObject({ requests: 1, rows: 7, byRoute: { messages: { 200: 1 } } })
    expect(await control('log')).toMatchObject([
      { route: 'messages', path: `/api/v10/channels/${channel_id}/messages` },
    ])
  })

  it('the sample has channels of every kind and threads of every kind', () => {
    const types = new Set([...simulator.truth.channels(), ...simulator.truth.threads()].map(({ json }) => json.type))
    expect([...types].toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 2, 4, 5, 10, 11, 12, 13, 15, 16])
    const states = [...simulator.truth.threads()].map(
      ({ json }) => `${json.type} ${(json.thread_metadata as JsonObject).archived}`,
    )
    for (const state of ['11 true', '11 false', '12 true', '12 false']) expect(states).toContain(state)
  })
})

describe('faults', () => {
  const ask = (): ReturnType<DiscordClient['get']> => client.get(`/channels/${channel_id}/messages?limit=5&after=0`)
  const plan = (fault: Fault): void => simulator.setFaults({ rules: [{ route: 'messages', fault }] })

  it('throttling says whose limit it is', async () => {
    plan({ kind: 'throttle', retry_after: 3, scope: 'global' })
    const answer = await ask()
    expect(answer).toMatchObject({ status: 429, body: { retry_after: 3, global: true } })
    expect(answer.headers.get('x-ratelimit-scope')).toBe('global')
    expect(answer.headers.get('x-ratelimit-global')).toBe('true')
    plan({ kind: 'throttle' })
    expect((await ask()).headers.get('retry-after')).toBe(null)
  })

  it.each([
    [500, '500: Internal Server Error'],
    [502, '502: Bad Gateway'],
    [503, '503: Service Unavailable'],
  ])('%i has a body of the API', async (status, message) => {
    plan({ kind: 'status', status })
    expect(await ask()).toMatchObject({ status, body: { message, code: 0 } })
    plan({
      kind: 'status',
      status,
      code: '130000',
      message: 'API resource is currently overloaded. Try again a little later.',
    })
    expect(await ask()).toMatchObject({ status, body: { code: 130_000 } })
  })

  it('a search may not be ready', async () => {
    const guild = [...simulator.truth.guilds()][0]!.id
    const fault = {
      kind: 'status',
      status: 202,
      code: '110000',
      message: 'Index not yet available. Try again later',
    } as const
    simulator.setFaults({ rules: [{ route: 'message_search', count: 1, fault }] })
    expect(await client.get(`/guilds/${guild}/messages/search`)).toMatchObject({ status: 202, body: { code: 110_000 } })
    expect((await client.get(`/guilds/${guild}/messages/search`)).status).toBe(200)
  })

  it('pages may be empty, overlap, come in another order, or hold what no row is', async () => {
    const rows = (await ask()).body as unknown as JsonObject[]
    plan({ kind: 'empty_page' })
    expect((await ask()).body).toEqual([])
    plan({ kind: 'shuffle' })
    const shuffled = (await ask()).body as unknown as JsonObject[]
    expect(idsOf(shuffled)).not.toEqual(idsOf(rows))
    expect(idsOf(shuffled).toSorted()).toEqual(idsOf(rows).toSorted())
    plan({ kind: 'hostile_row', row: 1, set: { content: 7 }, drop: ['author'] })
    const [, hostile] = (await ask()).body as unknown as JsonObject[]
    expect(hostile).toMatchObject({ id: rows[1]!.id, content: 7 })
    expect(hostile).not.toHaveProperty('author')
    plan({ kind: 'raw_row', json: '{"id":12345678901234567890}' })
    expect(JSON.stringify((await ask()).body)).toContain('1234567890123456')
    plan({ kind: 'overlap', rows: 2 })
    const after = rows[0]!.id as string
    const overlapping = await client.list(`/channels/${channel_id}/messages?limit=5&after=${after}`)
    expect(overlapping.length).toBe(7)
    expect(idsOf(overlapping)).toContain(after)
  })

  it('connections break and bodies are cut', async () => {
    plan({ kind: 'reset', when: 'before_headers' })
    await expect(ask()).rejects.toThrow()
    plan({ kind: 'truncate', declared: 'cut' })
    await expect(ask()).rejects.toThrow()
    plan({ kind: 'malformed', body: '[{"id":' })
    await expect(ask()).rejects.toThrow()
  })
})
