import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import { virtualClock } from '../../sources/microsoft_teams/simulator/index.ts'
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

/** The tenant's clock is right; the machine that reads it has the time that `local` makes of it. */
async function readThrice(local: (now: number, asked: number) => number): Promise<void> {
  tenant = await startTenant({
    clock: virtualClock({ auto: true }),
    dataset: { generated },
    // Waits, for which the local clock is needed.
    faults: { rules: [{ route: 'export', nth: [3, 8], fault: { kind: 'throttle', retry_after: 30 } }] },
  })
  const { clock, mutate } = tenant.simulator
  await read(local)
  // Changes in the last minutes: a ceiling too early would leave them out, one too late would lose what comes below it.
  tenant.later()
  for (let change = 0; change < 6; change++) mutate.random()
  clock.advance(90_000)
  for (let change = 0; change < 3; change++) mutate.newRoot()
  await read(local)
  tenant.later()
  await read(local)
  const difference = await compareWithTruth(tenant.database, tenant.simulator)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
  expect(earlyRequests(tenant.simulator)).toEqual([])
}

async function read(local: (now: number, asked: number) => number): Promise<void> {
  const { clock, log } = tenant.simulator
  const began = clock.now()
  let asked = 0
  const run = await syncHere(tenant, { runtime: { now: () => local(clock.now(), ++asked) }, table: { page_size: 20 } })
  expect(run.code, why(run)).toBe(0)
  const first = log.filter(({ at, route, status }) => at >= began && route === 'teams' && status === 200)[0]!
  // The `Date` of the first answer, less settle_seconds: of every partition, to the second.
  expect(await ceilings()).toEqual([Math.floor(first.at / 1000) * 1000 - 60_000])
  // Two pauses of 30 s at most: nobody waits until a clock is back where it was.
  expect(clock.now() - began).toBeLessThan(180_000)
}

/** Clocks as they go wrong. `asked` counts how often this run has looked at it. */
const clocks: [string, (now: number, asked: number) => number][] = [
  ['two hours fast', (now) => now + 2 * HOUR],
  ['two hours slow', (now) => now - 2 * HOUR],
  ['in the year 1970', (now) => now % (24 * HOUR)],
  ['put back by two hours in the middle of a run', (now, asked) => (asked > 60 ? now - 2 * HOUR : now)],
  ['put forward by two hours in the middle of a run', (now, asked) => (asked > 60 ? now + 2 * HOUR : now)],
  ['put back by a second again and again', (now, asked) => now - 1000 * Math.floor(asked / 20)],
]

describe('a local clock', () => {
  it.each(clocks)(
    '%s: the same rows, windows by the server alone, waits as long as they should be',
    async (_, local) => {
      await readThrice(local)
    },
  )

  it('two hours slow: by the real command, as the machine has it', async () => {
    tenant = await startTenant({ dataset: { generated } })
    // The tenant is two hours ahead of the machine.
    tenant.later(2 * HOUR)
    tenant.simulator.mutate.newRoot()
    tenant.later()
    const before = tenant.simulator.clock.now()
    const run = await tenant.sync()
    expect(run.code, run.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
    const [until] = await ceilings()
    expect(until).toBeGreaterThanOrEqual(before - 61_000)
    expect(until).toBeLessThanOrEqual(tenant.simulator.clock.now() - 60_000)
  })
})

/** How far the messages of the partitions are read: one moment, if all is well. */
async function ceilings(): Promise<number[]> {
  const database = await openDatabase(tenant.database, { readOnly: true, sleep: async () => {} })
  try {
    const result = await database.connection.runAndReadAll(
      "SELECT DISTINCT epoch_ms(synced_until)::DOUBLE FROM parley.coverage WHERE job LIKE '%message%'",
    )
    return result.getRows().map(([at]) => Number(at))
  } finally {
    database.close()
  }
}
