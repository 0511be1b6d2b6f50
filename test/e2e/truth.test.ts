import { afterEach, describe, expect, it } from 'vitest'
import type { TeamsSimulatorOptions } from '../../sources/microsoft_teams/simulator/index.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

let tenant: Tenant
afterEach(() => tenant.close())

const generated = { generated: { teams: 4, channelsPerTeam: 3, messagesPerChannel: 300 } }
const recent = { generated: { teams: 3, channelsPerTeam: 2, messagesPerChannel: 200, days: 1 } }

describe('the tables equal the tenant', () => {
  const worlds: [string, TeamsSimulatorOptions, Record<string, unknown>?][] = [
    [
      'with edits, deletes and replies during the walk',
      { dataset: generated, mutateDuringWalk: { every: 3, max: 10 } },
    ],
    [
      'with changes that show late',
      { dataset: generated, mutateDuringWalk: { every: 5, max: 10 }, lateVisibilityMs: 50_000 },
    ],
    ['with pages of twenty', { dataset: generated, mutateDuringWalk: { every: 4, max: 10 } }, { page_size: 20 }],
    ['with many changes of the last day', { dataset: recent, mutateDuringWalk: { every: 4, max: 10 } }],
    ['with page tokens that end soon', { dataset: generated, pageTokenSeconds: 1 }],
  ]
  it.each(worlds)('%s', async (_, options, tableOptions) => {
    tenant = await startTenant(options, tableOptions)
    const first = await tenant.sync()
    expect([0, 4], first.stderr).toContain(first.code)
    tenant.later()
    const second = await tenant.sync()
    expect(second.code, second.stderr).toBe(0)
    const difference = await compareWithTruth(tenant.database, tenant.simulator)
    expect(difference, difference.examples.join('\n')).toMatchObject(equal)
  })

  it('and a quiet sync changes nothing', async () => {
    tenant = await startTenant({ dataset: generated })
    const first = await tenant.sync()
    expect(first.code, first.stderr).toBe(0)
    expect(first.result.tables.map(({ table }) => table)).toEqual(['teams', 'channels', 'messages', 'message_replies'])
    tenant.later()
    const quiet = await tenant.sync()
    expect(quiet.code).toBe(0)
    expect(changedRows(quiet.result)).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject({
      ...equal,
      rows: changedRows(first.result) - 4 - 12,
    })
  })
})
