import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type FaultPlan,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { syncHere, why } from './support/sync_here.ts'

/** Every answer takes a second of the virtual clock: a token of three seconds lasts three pages of a team. */
const SLOW: TeamsSimulatorOptions = {
  latencyMs: 1000,
  dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 80 } },
}

let tenant: Tenant
afterEach(async () => {
  await tenant.close()
  tenant.simulator.clock.close?.()
})

async function start(options: TeamsSimulatorOptions): Promise<void> {
  tenant = await startTenant({ clock: virtualClock({ auto: true }), ...SLOW, ...options })
}

async function expectTruth(): Promise<void> {
  const difference = await compareWithTruth(tenant.database, tenant.simulator)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
}

const count = (route: string, status: number) => tenant.simulator.stats().byRoute[route]?.[String(status)] ?? 0
const faults = (rules: FaultPlan['rules']): TeamsSimulatorOptions => ({ faults: { rules } })
const BROKEN = { kind: 'status', status: 503, retry_after: null } as const

describe('tokens that last three pages', () => {
  it('are renewed in time, and nothing is lost', async () => {
    await start({ tokenSeconds: 3 })
    const run = await syncHere(tenant, { table: { page_size: 10 } })
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    expect(count('export', 200)).toBeGreaterThan(30)
    expect(count('token', 200)).toBeGreaterThan(5)
    // Each lasts for at least a page of each team.
    expect(count('token', 200)).toBeLessThan(count('export', 200) / 2)
  })

  it('although they promise an hour: each 401 brings one new token', async () => {
    await start(faults([{ route: 'export', nth: [5, 34, 63], fault: { kind: 'token_expired' } }]))
    const run = await syncHere(tenant, { table: { page_size: 4 } })
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    expect(count('export', 401)).toBe(3)
    expect(count('token', 200)).toBe(4)
  })

  it('and end together in the middle of a walk', async () => {
    await start({})
    let pages = 0
    const ended = await syncHere(tenant, {
      table: { page_size: 4 },
      onEvent: ({ type }) => type === 'page' && ++pages % 25 === 0 && tenant.simulator.mutate.expireTokens(),
    })
    expect(ended.code, why(ended)).toBe(0)
    await expectTruth()
    expect(count('export', 401) + count('channels', 401)).toBeGreaterThan(0)
  })

  it('a token that is refused twice in a row ends the run: exit 3 with a code, rows kept', async () => {
    await start(faults([{ route: 'export', nth: range(6, 1000), fault: { kind: 'token_expired' } }]))
    const run = await syncHere(tenant, { table: { page_size: 10 } })
    expect(run.code).toBe(3)
    expect(run.error).toMatchObject({ code: 'PARLEY_AUTH_TOKEN_REJECTED' })
    const kept = await compareWithTruth(tenant.database, tenant.simulator)
    expect(kept).toMatchObject({ extra: 0, different: 0, doubled: 0 })
    expect(kept.rows).toBeGreaterThan(10)
    tenant.simulator.setFaults(null)
    const next = await syncHere(tenant, { table: { page_size: 10 } })
    expect(next.code, why(next)).toBe(0)
    await expectTruth()
  })
})

describe('a refresh that fails twice', () => {
  it('at the start, refused and broken off: the third is waited for', async () => {
    await start(
      faults([
        { route: 'token', nth: 1, fault: BROKEN },
        { route: 'token', nth: 2, fault: { kind: 'reset', when: 'mid_body' } },
      ]),
    )
    const run = await syncHere(tenant)
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    expect(tenant.simulator.stats().byRoute.token).toMatchObject({ 503: 1 })
  })

  it('while the old token holds: nobody notices, and the login service is not hammered', async () => {
    // Renewal is due after 30 s of 60; 10 s lie between tries, so that the third one is at 50 s.
    await start({
      latencyMs: 3000,
      tokenSeconds: 60,
      ...faults([{ route: 'token', from_ms: 5_000, until_ms: 48_000, fault: BROKEN }]),
    })
    const run = await syncHere(tenant, { connection: { max_attempts: 1 }, table: { page_size: 3 } })
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    expect(count('token', 503)).toBe(2)
    expect(count('export', 401)).toBe(0)
    expect(count('token', 200)).toBeGreaterThan(1)
    expect(count('token', 200)).toBeLessThan(10)
  })

  it('until the old token has ended: the run says so with a code, what was read stays, the next one ends it', async () => {
    await start({ tokenSeconds: 20, ...faults([{ route: 'token', nth: range(2, 1000), fault: BROKEN }]) })
    const run = await syncHere(tenant, { connection: { max_attempts: 2 }, table: { page_size: 3 } })
    expect(run.code, why(run)).toBe(4)
    expect(new Set(run.result!.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_SOURCE_UNAVAILABLE']))
    // A token that is known to have ended is not tried.
    expect(count('export', 401)).toBe(0)
    const kept = await compareWithTruth(tenant.database, tenant.simulator)
    expect(kept).toMatchObject({ extra: 0, different: 0, doubled: 0 })
    expect(kept.rows).toBeGreaterThan(20)
    tenant.simulator.setFaults(null)
    const next = await syncHere(tenant, { table: { page_size: 10 } })
    expect(next.code, why(next)).toBe(0)
    await expectTruth()
  })
})

describe('a secret that is rotated while a sync runs', () => {
  it('ends it with exit 3 and the code; what was read stays; the next run with the new secret catches up', async () => {
    tenant = await startTenant(
      {
        dataset: { generated: { teams: 4, channelsPerTeam: 2, messagesPerChannel: 150 } },
        latencyMs: 100,
        tokenSeconds: 2,
      },
      { page_size: 5 },
    )
    let pages = 0
    let fresh = ''
    const run = await tenant.start(['--progress', 'json', '--output', 'json'], {
      onLine: (line) => {
        if (line.includes('"type":"page"') && ++pages === 12) fresh = tenant.simulator.mutate.rotateSecret()
      },
    }).ended
    expect(run.code, run.stderr).toBe(3)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'PARLEY_AUTH_INVALID_SECRET' } })
    expect(run.stdout + run.stderr).not.toContain(tenant.simulator.connection.client_secret)
    const kept = await compareWithTruth(tenant.database, tenant.simulator)
    expect(kept).toMatchObject({ extra: 0, different: 0, doubled: 0 })
    expect(kept.rows).toBeGreaterThanOrEqual(5)
    expect(kept.missing).toBeGreaterThan(0)
    const file = join(tenant.folder, 'connection.json')
    const connection = { ...JSON.parse(readFileSync(file, 'utf8')), client_secret: fresh }
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 })
    const next = await tenant.sync()
    expect(next.code, next.stderr).toBe(0)
    await expectTruth()
    const inserted = next.result.tables.filter(({ table }) => table.startsWith('message'))
    expect(inserted.reduce((sum, table) => sum + table.inserted, 0)).toBe(kept.missing)
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
