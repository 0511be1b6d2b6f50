import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../libs/simulator/fault_plan.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { type Front, startFront } from './support/front.ts'
import { syncHere, why } from './support/sync_here.ts'

const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 60 }
/** The waits between tries are not what these tests are about. */
const hasty = {
  sleep: (ms: number, signal?: AbortSignal) => delay(Math.min(ms, 5), undefined, signal ? { signal } : {}),
}

let tenant: Tenant
let front: Front | undefined
afterEach(async () => {
  await front?.close()
  front = undefined
  await tenant.close()
})

async function expectTruth(): Promise<void> {
  const difference = await compareWithTruth(tenant.database, tenant.simulator)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
}

describe('a whole sync over connections that', () => {
  const seconds = { headers_timeout_seconds: 1, body_timeout_seconds: 1 }
  const worlds: [string, Fault, number, Record<string, unknown>?][] = [
    ['break before the answer', { kind: 'reset', when: 'before_headers' }, 4],
    ['break inside a body', { kind: 'reset', when: 'mid_body' }, 4],
    ['close before the end that was declared', { kind: 'truncate', declared: 'full' }, 4],
    ['bring half of the JSON as if it were all', { kind: 'truncate', declared: 'cut' }, 4],
    ['bring something else than JSON', { kind: 'malformed' }, 4],
    ['bring nothing under 200', { kind: 'malformed', body: '' }, 4],
    ['bring a page of a gateway', { kind: 'malformed', body: '<html>Please sign in</html>' }, 4],
    ['fall silent before the answer', { kind: 'stall', when: 'before_headers' }, 12, seconds],
    ['fall silent inside a body', { kind: 'stall', when: 'mid_body' }, 12, seconds],
    [
      'drip without an end in sight',
      { kind: 'drip', chunk_bytes: 1, every_ms: 100 },
      12,
      { attempt_timeout_seconds: 1 },
    ],
  ]
  it.each(worlds)('%s: asked again, equal to the truth', async (_, fault, every, connection = {}) => {
    tenant = await startTenant({
      dataset: { generated },
      faults: { rules: ['teams', 'team', 'channels', 'export', 'token'].map((route) => ({ route, every, fault })) },
    })
    const run = await syncHere(tenant, { connection, table: { page_size: 10 }, runtime: hasty })
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    const fired = Object.values(tenant.simulator.stats().faults).reduce((sum, times) => sum + times, 0)
    expect(fired).toBeGreaterThan(2)
    expect(run.result!.retried).toBeGreaterThanOrEqual(fired)
  })

  it('drip slowly, but come to an end: waited for, not asked again', async () => {
    const fault = { kind: 'drip', chunk_bytes: 4096, every_ms: 20 } as const
    tenant = await startTenant({ dataset: { generated }, faults: { rules: [{ route: 'export', every: 3, fault }] } })
    const run = await syncHere(tenant, { connection: { body_timeout_seconds: 1 } })
    expect(run.code, why(run)).toBe(0)
    expect(run.result!.retried).toBe(0)
    await expectTruth()
  })

  it('never answer: the run ends within its budget with a code, and keeps what it has', async () => {
    tenant = await startTenant({
      dataset: { generated },
      faults: { rules: [{ route: 'export', nth: range(12, 1000), fault: { kind: 'reset', when: 'mid_body' } }] },
    })
    const run = await syncHere(tenant, { connection: { max_attempts: 3 }, table: { page_size: 10 }, runtime: hasty })
    expect(run.code, why(run)).toBe(4)
    expect(new Set(run.result!.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_SOURCE_UNAVAILABLE']))
    // Three tries, once more at the end of the run, for each of three teams and what they read at one time.
    expect(tenant.simulator.stats().byRoute.export!['200']).toBeLessThanOrEqual(150)
    const kept = await compareWithTruth(tenant.database, tenant.simulator)
    expect(kept).toMatchObject({ extra: 0, different: 0, doubled: 0 })
    expect(kept.rows).toBeGreaterThan(10)
    tenant.simulator.setFaults(null)
    const next = await syncHere(tenant)
    expect(next.code, why(next)).toBe(0)
    await expectTruth()
  })
})

describe('connections that were good and fall silent all at once', () => {
  it('are given up after headers_timeout_seconds; the sync goes on over new ones', async () => {
    tenant = await startTenant({ dataset: { generated }, latencyMs: 20 })
    front = await startFront(tenant)
    let frozen = 0
    let pages = 0
    const began = performance.now()
    const run = await syncHere(tenant, {
      connection: { ...front.connection, headers_timeout_seconds: 1 },
      table: { page_size: 10 },
      runtime: hasty,
      onEvent: ({ type }) => {
        if (type === 'page' && ++pages === 12) frozen = front!.freeze()
      },
    })
    expect(frozen).toBeGreaterThan(2)
    expect(run.code, why(run)).toBe(0)
    await expectTruth()
    expect(run.events).toContainEqual(expect.objectContaining({ type: 'retried', reason: 'PARLEY_HEADERS_TIMEOUT' }))
    expect(performance.now() - began).toBeLessThan(20_000)
  })
})

describe('a redirect or link to another host', () => {
  const cases: [string, string, (origin: string) => Fault, string, number][] = [
    [
      'a page',
      'export',
      (origin) => ({ kind: 'redirect', location: `${origin}/v1.0/x` }),
      'PARLEY_FOREIGN_REDIRECT',
      4,
    ],
    [
      'a page, kept method',
      'export',
      (origin) => ({ kind: 'redirect', location: `${origin}/x`, status: 307 }),
      'PARLEY_FOREIGN_REDIRECT',
      4,
    ],
    [
      'a page, without a scheme',
      'export',
      (origin) => ({ kind: 'redirect', location: origin.slice(5) }),
      'PARLEY_FOREIGN_REDIRECT',
      4,
    ],
    // Such a link is no place to go on at: it must not get into a cursor, or no later run could pass it.
    ['a nextLink', 'export', (origin) => ({ kind: 'foreign_link', origin }), 'PARLEY_FOREIGN_LINK', 4],
    ['the list of teams', 'teams', (origin) => ({ kind: 'redirect', location: origin }), 'PARLEY_FOREIGN_REDIRECT', 5],
    [
      'the token request',
      'token',
      (origin) => ({ kind: 'redirect', location: origin, status: 307 }),
      'PARLEY_FOREIGN_REDIRECT',
      5,
    ],
    [
      'the token request, as a GET',
      'token',
      (origin) => ({ kind: 'redirect', location: origin, status: 302 }),
      'PARLEY_FOREIGN_REDIRECT',
      5,
    ],
  ]
  it.each(cases)('%s: nothing is sent there', async (_, route, fault, code, exit) => {
    tenant = await startTenant({ dataset: { generated } })
    front = await startFront(tenant)
    tenant.simulator.setFaults({ rules: [{ route, fault: fault(front.origin) }] })
    const run = await syncHere(tenant, { table: { page_size: 10 } })
    const codes =
      run.error === undefined ? run.result!.errors.map((error) => error.code) : [(run.error as { code: string }).code]
    expect(new Set(codes), why(run)).toEqual(new Set([code]))
    expect(run.code).toBe(exit)
    expect([front.connections, front.seen]).toEqual([0, []])
    tenant.simulator.setFaults(null)
    const next = await syncHere(tenant)
    expect(next.code, why(next)).toBe(0)
    await expectTruth()
  })

  it('by the real command: the code, the host that was named, and no request there', async () => {
    tenant = await startTenant({ dataset: { generated } })
    front = await startFront(tenant)
    tenant.simulator.setFaults({
      rules: [{ route: 'teams', fault: { kind: 'redirect', location: `${front.origin}/login` } }],
    })
    const { code, stdout } = await tenant.sync()
    expect(code).toBe(5)
    const { error } = JSON.parse(stdout)
    expect(error.code).toBe('PARLEY_FOREIGN_REDIRECT')
    expect(error.message).toContain(front.origin)
    expect(front.connections).toBe(0)
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
