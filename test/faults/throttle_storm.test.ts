import { afterEach, describe, expect, it } from 'vitest'
import type { RetryAfter } from '../../libs/simulator/fault_plan.ts'
import { type FaultPlan, virtualClock } from '../../sources/microsoft_teams/simulator/index.ts'
import type { Outcome } from '../support/outcome.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { earlyRequests } from './support/early.ts'
import { syncHere, why } from './support/sync_here.ts'

const HOUR = 3_600_000
const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 80 }

let tenant: Tenant
afterEach(async () => {
  await tenant.close()
  tenant.simulator.clock.close?.()
})

/** A tenant whose time jumps to the next waiter: hours pass in moments. */
async function start(faults?: FaultPlan): Promise<void> {
  tenant = await startTenant({
    clock: virtualClock({ auto: true }),
    dataset: { generated },
    // Else the storm would be one of tokens: they have a test of their own.
    tokenSeconds: 1_000_000,
    ...(faults === undefined ? {} : { faults }),
  })
}

async function expectTruth(): Promise<void> {
  const difference = await compareWithTruth(tenant.database, tenant.simulator)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
}

const throttled = ({ events }: Outcome) => events.filter((event) => event.type === 'throttled')

describe('a storm of refusals', () => {
  const forms: [string, RetryAfter, number?][] = [
    ['whole seconds', 20],
    ['a fraction', 2.128],
    ['an HTTP date', { http_date_in: 90 }],
    ['an HTTP date that has passed', { http_date_in: -90 }],
    ['no Retry-After', null],
    ['zero', 0],
    ['garbage', 'a little later'],
    ['a negative number', '-5'],
    ['an hour', 3600],
    ['seconds under 503', 30, 503],
  ]
  it.each(forms)('with %s loses nothing and is never knocked at early', async (_, retry_after, status = 429) => {
    const fault = { kind: 'throttle' as const, retry_after, status }
    await start({
      rules: [
        { route: 'teams', nth: 1, fault },
        { route: 'token', nth: 1, fault },
        { route: 'export', every: 3, fault },
        { route: 'channels', every: 2, fault },
      ],
    })
    const run = await syncHere(tenant, { connection: { max_throttle_seconds: 86_400 } })
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    const stats = tenant.simulator.stats()
    expect(stats.faults.throttle).toBeGreaterThan(5)
    expect(earlyRequests(tenant.simulator)).toEqual([])
    expect(run.result!.throttled).toBe(stats.faults.throttle)
    for (const event of throttled(run)) expect(event.wait_seconds).toBeGreaterThanOrEqual(leastWait(retry_after))
  })

  it('of everything, without a word when it ends, is knocked at more and more rarely', async () => {
    await start({ rules: [{ route: 'export', until_ms: HOUR / 2, fault: { kind: 'throttle', retry_after: null } }] })
    const run = await syncHere(tenant)
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    const knocks = tenant.simulator.stats().faults.throttle!
    // 1, 2, 4 … 60 s: some forty knocks in half an hour for each of three teams, not thousands.
    expect(knocks).toBeGreaterThan(30)
    expect(knocks).toBeLessThan(300)
  })
})

/** Seconds that no wait may be shorter than: without a usable hint half of the first pause of 1 s. */
function leastWait(retryAfter: RetryAfter): number {
  if (typeof retryAfter === 'number' && retryAfter > 0) return retryAfter
  if (typeof retryAfter === 'object' && retryAfter !== null && retryAfter.http_date_in > 0)
    return retryAfter.http_date_in - 1
  return 0.5
}

describe('a storm beyond max_throttle_seconds', () => {
  it('from the first request on: exit 5 with a code, at once where the server says how long', async () => {
    await start({ rules: [{ fault: { kind: 'throttle', retry_after: 7200 } }] })
    const run = await syncHere(tenant)
    expect(run.code).toBe(5)
    expect(run.error).toMatchObject({ code: 'PARLEY_SOURCE_THROTTLED' })
    expect(tenant.simulator.stats().until - tenant.simulator.stats().since).toBeLessThan(60_000)
  })

  it('that never says how long: exit 5 after about that time', async () => {
    await start({ rules: [{ fault: { kind: 'throttle', retry_after: null } }] })
    const began = tenant.simulator.clock.now()
    const run = await syncHere(tenant, { connection: { max_throttle_seconds: 600 } })
    expect(run.code).toBe(5)
    expect(run.error).toMatchObject({ code: 'PARLEY_SOURCE_THROTTLED' })
    const waited = tenant.simulator.clock.now() - began
    expect(waited).toBeGreaterThan(400_000)
    expect(waited).toBeLessThan(700_000)
  })

  it('by the real command: exit 5, the code and what to do', async () => {
    tenant = await startTenant({
      dataset: { generated },
      faults: { rules: [{ fault: { kind: 'throttle', retry_after: 7200 } }] },
    })
    const run = await tenant.sync()
    expect(run.code, run.stderr).toBe(5)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'PARLEY_SOURCE_THROTTLED' } })
  })

  it('in the middle keeps what was read and where, is told per team, and ends with the next run', async () => {
    await start({ rules: [{ route: 'export', nth: range(8, 10_000), fault: { kind: 'throttle', retry_after: 7200 } }] })
    const run = await syncHere(tenant, { table: { page_size: 20 } })
    // The lists of teams and channels were read: the run is partial, not failed.
    expect(run.code, why(run)).toBe(4)
    const codes = new Set(run.result!.errors.map(({ code }) => code))
    expect([...codes]).toEqual(['PARLEY_SOURCE_THROTTLED'])
    expect(earlyRequests(tenant.simulator)).toEqual([])
    const kept = await compareWithTruth(tenant.database, tenant.simulator)
    expect(kept).toMatchObject({ extra: 0, different: 0, doubled: 0 })
    expect(kept.rows).toBeGreaterThanOrEqual(20)
    expect(kept.missing).toBeGreaterThan(0)
    tenant.simulator.setFaults(null)
    tenant.simulator.resetStats()
    const next = await syncHere(tenant, { table: { page_size: 20 } })
    expect(next.code, why(next)).toBe(0)
    await expectTruth()
    // What was kept is not read again: it goes on at its pages.
    const read = next.result!.tables.filter(({ table }) => table.startsWith('message'))
    expect(read.reduce((sum, table) => sum + table.inserted, 0)).toBe(kept.missing)
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
