import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { graphClient } from '../simulator/graph_client.ts'

let simulator: TeamsSimulator

beforeAll(async () => {
  simulator = await startTeamsSimulator({ clock: virtualClock(), throttle: 'off' })
})
afterAll(() => simulator.close())

async function control(name: string, body?: unknown): Promise<{ status: number; body: never }> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`${simulator.origin}/_simulator/${name}`, init)
  return { status: answer.status, body: (await answer.json()) as never }
}

describe('control calls', () => {
  it('GET truth streams every message as a line', async () => {
    const text = await (await fetch(`${simulator.origin}/_simulator/truth`)).text()
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toEqual([...simulator.truth.messages()])
    expect(lines.length).toBe(simulator.truth.loaded.messages)
    expect((await control('truth?counts=true')).body).toEqual(simulator.truth.counts())
    expect((await control('truth?digest=true')).body).toEqual({ digest: simulator.truth.digest() })
  })

  it('POST mutate makes one change or several', async () => {
    const { team_id, channel_id, id } = [...simulator.truth.messages()].find(({ json }) => json.from !== null)!
    const answer = await control('mutate', [
      { kind: 'edit', team_id, channel_id, id, text: 'from outside' },
      { kind: 'revoke_role', role: 'Team.ReadBasic.All' },
    ])
    expect(answer).toEqual({ status: 200, body: [{ team_id, channel_id, id }, {}] })
    expect(JSON.stringify(simulator.truth.message({ team_id, channel_id, id }))).toContain('from outside')
    expect((await (await graphClient(simulator)).get('/teams')).status).toBe(403)
    expect((await control('mutate', { kind: 'grant_role', role: 'Team.ReadBasic.All' })).status).toBe(200)
  })

  it('POST faults replaces the plan, and refuses one that is wrong', async () => {
    const client = await graphClient(simulator)
    await control('faults', { rules: [{ route: 'teams', fault: { kind: 'status', status: 503 } }] })
    expect((await client.get('/teams')).status).toBe(503)
    expect(await control('faults', { rules: [{ fault: { kind: 'no such thing' } }] })).toMatchObject({
      status: 400,
      body: { error: { code: 'PARLEY_SIMULATOR_PLAN_INVALID' } },
    })
    expect((await client.get('/teams')).status).toBe(503)
    await control('faults', null)
    expect((await client.get('/teams')).status).toBe(200)
  })

  it('POST clock moves time', async () => {
    const before = simulator.clock.now()
    expect((await control('clock', { advance_ms: 5000 })).body).toEqual({ now: before + 5000 })
    expect(simulator.clock.now()).toBe(before + 5000)
    expect((await control('clock', { advance_ms: -1 })).status).toBe(400)
    const client = await graphClient(simulator)
    expect((await client.get('/teams')).headers.get('date')).toBe(new Date(simulator.clock.now()).toUTCString())
  })

  it('GET stats counts calls of the API and not those of control; POST reset-stats begins again', async () => {
    const client = await graphClient(simulator)
    await control('reset-stats', {})
    await client.get('/teams')
    await client.get('/teams/unknown')
    await client.get('/nowhere')
    expect((await control('stats')).body).toMatchObject({
      requests: 3,
      byStatus: { 200: 1, 404: 2 },
      byRoute: { teams: { 200: 1 }, team: { 404: 1 }, unknown: { 404: 1 } },
      rows: 3,
    })
    expect((await control('log')).body).toMatchObject([
      { route: 'teams', path: '/v1.0/teams' },
      { route: 'team' },
      { route: 'unknown' },
    ])
  })

  it('answers 400 to what it cannot do', async () => {
    expect((await control('mutate', { kind: 'edit', team_id: 'nowhere' })).status).toBe(400)
    expect((await control('mutate', { kind: 'dance' })).status).toBe(400)
    const broken = await fetch(`${simulator.origin}/_simulator/mutate`, { method: 'POST', body: '{' })
    expect(broken.status).toBe(400)
  })
})
