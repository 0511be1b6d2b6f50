import { afterEach, describe, expect, it } from 'vitest'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'

const clock = virtualClock()
let simulator: TeamsSimulator
let client: GraphClient
let teams: string[]
let channels: string[]

afterEach(() => simulator.close())

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  const dataset = { generated: { teams: 60, channelsPerTeam: 2, messagesPerChannel: 3 } }
  simulator = await startTeamsSimulator({ clock, dataset, ...options })
  client = await graphClient(simulator)
  const known = simulator.truth.teams()
  teams = known.map((team) => team.id)
  channels = known[0]!.channels.map((channel) => channel.id)
}

/** How many of these requests, at one moment, are let through. */
async function accepted(paths: string[]): Promise<number> {
  let count = 0
  for (const path of paths) if ((await client.get(path)).status === 200) count++
  return count
}

function repeat(count: number, path: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => path(index))
}

describe('documented limits', () => {
  it('4 requests a second on a team, the export included', async () => {
    await start()
    const path = `/teams/${teams[0]}/channels/getAllMessages`
    expect(await accepted(repeat(6, () => path))).toBe(4)
    clock.advance(999)
    expect(await accepted([path])).toBe(0)
    expect(simulator.stats().refusedByBucket).toEqual({ team: 3 })
    expect(simulator.stats().buckets[`team:${simulator.connection.client_id}:${teams[0]}`]).toMatchObject({
      accepted: 4,
      refused: 3,
      limit: 4,
    })
  })

  it('lets the fifth through a second after the first', async () => {
    await start()
    const path = `/teams/${teams[0]}`
    for (let step = 0; step < 12; step++) {
      expect(await accepted([path]), `step ${step}`).toBe(1)
      clock.advance(250)
    }
  })

  it('counts the export apart in the loose reading: 200 a second', async () => {
    await start({ exportPerTeam: 'loose' })
    const path = `/teams/${teams[0]}/channels/getAllMessages?$top=1`
    expect(await accepted(repeat(205, () => path))).toBe(200)
    expect(simulator.stats().refusedByBucket).toEqual({ app_tenant: 5 })
  })

  it.each<[string, number, (index: number) => string]>([
    ['teams', 30, () => '/teams'],
    ['team', 30, (index) => `/teams/${teams[index % 60]}`],
    ['channels', 60, (index) => `/teams/${teams[index % 60]}/channels`],
    ['members', 60, (index) => `/teams/${teams[index % 60]}/members`],
    ['export', 200, (index) => `/teams/${teams[index % 60]}/channels/getAllMessages?$top=1`],
  ])('%s: %i a second for the app in the tenant', async (_, limit, path) => {
    await start()
    expect(await accepted(repeat(limit + 4, path))).toBe(limit)
    expect(Object.keys(simulator.stats().refusedByBucket)).toEqual(['app_tenant'])
  })

  it('one request a second on a channel, whatever it asks for', async () => {
    await start()
    const channel = `/teams/${teams[0]}/channels/${channels[0]}`
    expect(await accepted([`${channel}/messages`, `${channel}/members`, channel])).toBe(1)
    expect(simulator.stats().refusedByBucket).toEqual({ channel: 2 })
    expect(await accepted([`/teams/${teams[0]}/channels/${channels[1]}/messages`])).toBe(1)
  })

  it('20 channel message requests a second for the app in the tenant', async () => {
    await start()
    const known = simulator.truth.teams()
    const paths = repeat(24, (index) => `/teams/${teams[index]}/channels/${known[index]!.channels[0]!.id}/messages`)
    expect(await accepted(paths)).toBe(20)
  })

  it('says no as the documentation shows it', async () => {
    await start()
    const path = `/teams/${teams[0]}`
    await accepted(repeat(4, () => path))
    const answer = await client.get(path)
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.body).toEqual({
      error: {
        code: 'TooManyRequests',
        innerError: {
          code: '429',
          date: new Date(clock.now()).toISOString().slice(0, 19),
          message: 'Please retry after',
          'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          status: '429',
        },
        message: 'Please retry again later.',
      },
    })
  })

  it('counts refused requests too: who knocks on stays outside', async () => {
    await start()
    const path = `/teams/${teams[0]}`
    await accepted(repeat(5, () => path))
    for (let step = 0; step < 10; step++) {
      clock.advance(200)
      expect(await accepted([path]), `step ${step}`).toBe(0)
    }
    clock.advance(1000)
    expect(await accepted([path])).toBe(1)
  })

  it('sees who comes back before the time in Retry-After', async () => {
    await start()
    const path = `/teams/${teams[0]}`
    await accepted(repeat(5, () => path))
    expect(simulator.stats().early.all).toBe(0)
    clock.advance(500)
    await accepted([path, `/teams/${teams[1]}`])
    expect(simulator.stats().early.all).toBe(1)
    expect(simulator.log.filter((entry) => entry.early === true)).toHaveLength(1)
  })

  it('leaves Retry-After out now and then, if asked to', async () => {
    await start({ missingRetryAfter: 0.5 })
    const path = `/teams/${teams[0]}`
    await accepted(repeat(4, () => path))
    const seen = new Set<string | null>()
    for (let index = 0; index < 20; index++) seen.add((await client.get(path)).headers.get('retry-after'))
    expect(seen).toEqual(new Set([null, '1']))
  })

  it('lets everything through when told to', async () => {
    await start({ throttle: 'off' })
    expect(await accepted(repeat(50, () => `/teams/${teams[0]}`))).toBe(50)
  })
})
