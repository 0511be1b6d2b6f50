import { afterEach, describe, expect, it } from 'vitest'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { readRound } from '../simulator/delta_round.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'

const clock = virtualClock()
let simulator: TeamsSimulator
let client: GraphClient
let path: string
let other: string

afterEach(() => simulator.close())

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  const dataset = { generated: { teams: 1, channelsPerTeam: 2, messagesPerChannel: 100, days: 10 } }
  simulator = await startTeamsSimulator({ clock, throttle: 'off', dataset, seed: 11, ...options })
  client = await graphClient(simulator)
  const { id, channels } = simulator.truth.teams()[0]!
  path = `/teams/${id}/channels/${channels[0]!.id}/messages/delta`
  other = `/teams/${id}/channels/${channels[1]!.id}/messages/delta`
  clock.advance(60_000)
}

function tokenOf(link: string): string {
  return link.slice(link.indexOf('token=') + 'token='.length)
}

describe('delta tokens', () => {
  it.each<[string, NonNullable<TeamsSimulatorOptions['deltaExpiry']>, number]>([
    ['410 and where to begin again', 'gone', 410],
    ['400', 'bad_request', 400],
    ['404', 'not_found', 404],
  ])('end with %s', async (_, deltaExpiry, status) => {
    await start({ deltaTokenSeconds: 3600, deltaExpiry, tokenSeconds: 86_400 })
    const { deltaLink } = await readRound(client, path)
    const { body } = await client.get(`${path}?$top=5`)
    const nextLink = body['@odata.nextLink'] as string
    clock.advance(3_600_000)
    expect((await client.get(deltaLink)).status).toBe(200)
    clock.advance(1)
    for (const link of [deltaLink, nextLink]) {
      const answer = await client.get(link)
      expect(answer.status).toBe(status)
      const location = answer.headers.get('location')
      expect(location).toBe(status === 410 ? `${simulator.origin}/v1.0${path}?$deltatoken=` : null)
      if (location !== null) expect((await readRound(client, location)).rows.length).toBeGreaterThan(20)
    }
  })

  it('do not know "latest"', async () => {
    await start()
    expect(await client.get(`${path}?$deltatoken=latest`)).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequest', message: "Parameter 'DeltaToken' not supported for this request." } },
    })
  })

  it('are refused when invented, of another channel, of the other kind, changed, or with options beside them', async () => {
    await start()
    const { deltaLink } = await readRound(client, path)
    const nextLink = (await client.get(`${path}?$top=5`)).body['@odata.nextLink'] as string
    const [delta, skip] = [tokenOf(deltaLink), tokenOf(nextLink)]
    const wrong = [
      `${path}?$deltatoken=invented`,
      `${path}?$skiptoken=invented`,
      `${path}?$skiptoken=`,
      `${other}?$deltatoken=${delta}`,
      `${other}?$skiptoken=${skip}`,
      `${path}?$deltatoken=${skip}`,
      `${path}?$skiptoken=${delta}`,
      `${path}?$deltatoken=A${delta}`,
      `${deltaLink}&$top=5`,
      `${nextLink}&$expand=replies`,
      `${nextLink}&$deltatoken=${delta}`,
    ]
    for (const link of wrong) expect((await client.get(link)).status, link).toBe(400)
    expect((await client.get(deltaLink)).status).toBe(200)
    expect((await client.get(nextLink)).status).toBe(200)
  })

  it('of another simulator are foreign, even of the same seed', async () => {
    await start()
    const { deltaLink } = await readRound(client, path)
    const first = simulator.origin
    await simulator.close()
    await start()
    expect((await client.get(deltaLink.replace(first, simulator.origin))).status).toBe(400)
  })

  it('of pages end by themselves after pageTokenSeconds', async () => {
    await start({ pageTokenSeconds: 60 })
    const nextLink = (await client.get(`${path}?$top=5`)).body['@odata.nextLink'] as string
    clock.advance(60_001)
    expect(await client.get(nextLink)).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid continuation token specified.' } },
    })
  })

  it('do not help where delta is not supported', async () => {
    await start({ delta: 'unsupported' })
    for (const query of ['', '?$top=50', '?$deltatoken=x'])
      expect(await client.get(`${path}${query}`)).toMatchObject({
        status: 400,
        body: { error: { message: 'Invalid request. Delta query is not supported by this resource.' } },
      })
  })

  it('cost a request of the channel, of its team, and of the message row', async () => {
    await start({ throttle: 'documented' })
    expect((await client.get(path)).status).toBe(200)
    expect((await client.get(path)).status).toBe(429)
    expect(Object.keys(simulator.stats().buckets).join()).toMatch(/app_tenant:channel_message:.*team:.*channel:/)
  })
})

describe('a round with replays', () => {
  it('shows a seeded share of rows twice, never more than $top a page, and some empty pages', async () => {
    await start({ deltaReplays: 0.4 })
    const round = await readRound(client, `${path}?$top=4`)
    const times = new Map<string, number>()
    for (const row of round.rows) times.set(row.id as string, (times.get(row.id as string) ?? 0) + 1)
    const twice = [...times.values()].filter((count) => count === 2).length
    expect(Math.max(...times.values())).toBe(2)
    expect(twice / times.size).toBeGreaterThan(0.2)
    expect(twice / times.size).toBeLessThan(0.6)
    expect(Math.max(...round.pages.map((page) => page.value!.length))).toBe(4)
    expect(round.pages.filter((page) => page.value!.length === 0).length).toBeGreaterThan(0)
    const again = await readRound(client, `${path}?$top=4`)
    expect(again.rows.map((row) => row.id)).toEqual(round.rows.map((row) => row.id))
    const roots = await client.walk(path.replace('/delta', ''))
    expect(new Set(times.keys())).toEqual(new Set(roots.map((row) => row.id)))
  })
})

describe('page faults on delta', () => {
  it.each<[string, object, (body: Record<string, unknown>) => void]>([
    [
      'empty_page',
      { kind: 'empty_page' },
      (body) => {
        expect(body.value).toEqual([])
        expect(body).toHaveProperty('@odata.nextLink')
        expect(body).not.toHaveProperty('@odata.deltaLink')
      },
    ],
    [
      'foreign_link on the deltaLink',
      { kind: 'foreign_link', origin: 'http://127.0.0.2:9' },
      (body) => expect(body['@odata.deltaLink']).toMatch(/^http:\/\/127\.0\.0\.2:9\/v1\.0\/teams/),
    ],
    ['overlap', { kind: 'overlap', rows: 2 }, (body) => expect((body.value as object[]).length).toBeGreaterThan(0)],
  ])('%s', async (_, fault, check) => {
    await start()
    const count = (await readRound(client, `${path}?$top=50`)).pages.length
    simulator.setFaults({ rules: [{ route: 'delta', nth: count, fault: fault as never }] })
    let link: string = `${path}?$top=50`
    for (let page = 1; page < count; page++) link = (await client.get(link)).body['@odata.nextLink'] as string
    check((await client.get(link)).body)
  })

  it('overlap repeats the last rows of the page before; repeat_link leads in circles', async () => {
    await start()
    const first = (await client.get(`${path}?$top=5`)).body
    const next = first['@odata.nextLink'] as string
    simulator.setFaults({ rules: [{ fault: { kind: 'overlap', rows: 2 } }] })
    const overlapped = (await client.get(next)).body
    expect(overlapped.value!.slice(0, 2)).toEqual(first.value!.slice(3))
    expect(overlapped.value).toHaveLength(7)
    simulator.setFaults({ rules: [{ fault: { kind: 'repeat_link' } }] })
    expect((await client.get(next)).body['@odata.nextLink']).toBe(next)
  })
})
