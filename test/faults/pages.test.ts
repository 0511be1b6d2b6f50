import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import {
  type FaultPlan,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { LATER_MS, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { syncHere, why } from './support/sync_here.ts'

const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 120 }
const EXPORT = { read_mode: 'export' }

let tenant: Tenant
afterEach(async () => {
  await tenant.close()
  tenant.simulator.clock.close?.()
})

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  tenant = await startTenant({ dataset: { generated }, clock: virtualClock({ auto: true }), ...options })
}

async function syncWell(table: Record<string, unknown> = {}) {
  const run = await syncHere(tenant, { table: { ...EXPORT, ...table } })
  expect(run.code, why(run)).toBe(0)
  return run.result!
}

async function expectTruth(): Promise<void> {
  const difference = await compareWithTruth(tenant.database, tenant.simulator)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
}

describe('pages that', () => {
  const rule = (every: number, fault: FaultPlan['rules'][number]['fault']): FaultPlan['rules'][number] => ({
    route: 'export',
    every,
    fault,
  })
  const worlds: [string, FaultPlan['rules']][] = [
    ['overlap', [rule(2, { kind: 'overlap', rows: 7 })]],
    ['overlap by all their rows', [rule(3, { kind: 'overlap', rows: 10 })]],
    ['are empty in between', [rule(3, { kind: 'empty_page' })]],
    ['come in another order', [rule(1, { kind: 'shuffle' })]],
    ['name themselves as the next one', [{ ...rule(7, { kind: 'repeat_link' }), count: 3 }]],
    [
      'bring rows from outside of the range that was asked for',
      [
        {
          route: 'export',
          // A row in the midst of a walk, which the next one shows as it is: one look at a single page has none.
          query: '$skiptoken',
          nth: [2, 7, 9],
          fault: { kind: 'hostile_row', set: { lastModifiedDateTime: '2099-01-01T00:00:00Z' } },
        },
      ],
    ],
    [
      'do all of that',
      [
        { ...rule(11, { kind: 'repeat_link' }), count: 3 },
        rule(5, { kind: 'empty_page' }),
        rule(3, { kind: 'overlap', rows: 9 }),
        rule(2, { kind: 'shuffle' }),
      ],
    ],
  ]
  it.each(worlds)('%s: every message once', async (_, rules) => {
    await start({ faults: { rules } })
    await syncWell({ page_size: 10 })
    await expectTruth()
    expect(Object.values(tenant.simulator.stats().faults).every((times) => times > 2)).toBe(true)
    // Also the second time, when all of it is known.
    tenant.later()
    const quiet = await syncWell({ page_size: 10 })
    expect(quiet.tables.map(({ inserted, updated, deleted }) => inserted + updated + deleted)).toEqual(
      quiet.tables.map(() => 0),
    )
  })

  it('name themselves for ever: given up soon and with a code, what was read stays, the next sync ends it', async () => {
    await start({ faults: { rules: [{ route: 'export', query: '$skiptoken', fault: { kind: 'repeat_link' } }] } })
    const run = await syncHere(tenant, { table: { ...EXPORT, page_size: 10 } })
    expect(run.code, why(run)).toBe(4)
    expect(new Set(run.result!.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_WINDOW_UNSTABLE']))
    // Four walks, each seen through after three turns, and once more at the end of the run: for three teams.
    expect(tenant.simulator.stats().byRoute.export!['200']).toBeLessThan(3 * 2 * 4 * 8)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject({ extra: 0, doubled: 0 })
    tenant.simulator.setFaults(null)
    await syncWell()
    await expectTruth()
  })

  it('are edited while they are read: a row that moves to an earlier page is not lost', async () => {
    // After every page an edit, a reply, a deletion: rows leave their place, and those behind them move up.
    await start({ mutateDuringWalk: { every: 1, max: 60 } })
    const first = await syncHere(tenant, { table: { ...EXPORT, page_size: 20 } })
    expect([0, 4], why(first)).toContain(first.code)
    tenant.later()
    await syncWell({ page_size: 20 })
    await expectTruth()
  })

  it('are edited, overlap and come in another order', async () => {
    const rules = [rule(4, { kind: 'overlap', rows: 5 }), rule(1, { kind: 'shuffle' })]
    await start({ mutateDuringWalk: { every: 2, max: 40 }, faults: { rules } })
    const first = await syncHere(tenant, { table: { ...EXPORT, page_size: 20 } })
    expect([0, 4], why(first)).toContain(first.code)
    tenant.later()
    await syncWell({ page_size: 20 })
    await expectTruth()
  })
})

describe('messages of one and the same moment', () => {
  it('lie on both sides of a page border: none is lost, none is doubled', async () => {
    // 130 of each channel, far more than a page: no time in between to cut at.
    await start({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 200, ties: 130 } } })
    tenant.later()
    await syncWell()
    await expectTruth()
  })

  it('still change while they are read', async () => {
    await start({
      dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 200, ties: 130 } },
      mutateDuringWalk: { every: 2, max: 8 },
    })
    tenant.later()
    const first = await syncHere(tenant, { table: EXPORT })
    expect([0, 4], why(first)).toContain(first.code)
    tenant.later()
    await syncWell()
    await expectTruth()
  })

  it('that is the border between two syncs: read by the first or by the second, without any lookback', async () => {
    await start()
    const zero = { lookback_seconds: 0, settle_seconds: 60 }
    await syncWell(zero)
    const { mutate, truth, clock } = tenant.simulator
    const ids = [...truth.messages()].filter(({ json }) => json.messageType === 'message').slice(0, 9)
    // The ceiling of the next sync, to the millisecond, and its two neighbours.
    tenant.later()
    clock.advance(1000 - (clock.now() % 1000))
    const ceiling = clock.now() - 60_000
    for (const [index, { team_id, channel_id, json }] of ids.entries()) {
      mutate.edit({
        team_id,
        channel_id,
        id: json.id as string,
        at: ceiling + (index % 3) - 1,
        text: `border ${index}`,
      })
    }
    mutate.settle()
    const second = await syncWell(zero)
    expect(updated(second)).toBe(3)
    // Closed below: what was changed in the very millisecond of the old ceiling belongs to the new window.
    tenant.later(LATER_MS)
    const third = await syncWell(zero)
    expect(updated(third)).toBe(6)
    await expectTruth()
    expect(await textsOf('border %')).toBe(9)
  })
})

const updated = (result: Awaited<ReturnType<typeof syncWell>>) =>
  result.tables.reduce((sum, table) => sum + table.updated, 0)

async function textsOf(pattern: string): Promise<number> {
  const database = await openDatabase(tenant.database, { readOnly: true, sleep: async () => {} })
  try {
    const result = await database.connection.runAndReadAll(
      `SELECT count(*)::INTEGER FROM (SELECT body.content AS text FROM microsoft_teams.messages UNION ALL SELECT body.content FROM microsoft_teams.message_replies) WHERE text LIKE '%${pattern}%'`,
    )
    return Number(result.getRows()[0]![0])
  } finally {
    database.close()
  }
}
