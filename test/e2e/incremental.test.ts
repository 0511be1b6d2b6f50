import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { query } from '../support/query.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

const TEAMS = 10

describe('ten changes among 10,000 messages in 100 channels of 10 teams', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await startTenant({
      dataset: { generated: { teams: TEAMS, channelsPerTeam: 10, messagesPerChannel: 100 } },
    })
    const first = await tenant.sync()
    expect(first.code, first.stderr).toBe(0)
    tenant.later()
  })
  afterAll(() => tenant.close())

  it('cost one export request a team, and arrive', async () => {
    const { mutate } = tenant.simulator
    const old = [...tenant.simulator.truth.messages()].find(
      ({ json }) => json.replyToId === null && json.messageType === 'message',
    )!
    mutate.newReply({ team_id: old.team_id, channel_id: old.channel_id, id: old.id })
    for (let change = 0; change < 3; change++) mutate.newRoot()
    for (let change = 0; change < 3; change++) mutate.edit()
    for (let change = 0; change < 2; change++) mutate.delete()
    mutate.addReaction()
    tenant.later()
    tenant.simulator.resetStats()
    const { code, result, stderr } = await tenant.sync()
    expect(code, stderr).toBe(0)
    const { byRoute } = tenant.simulator.stats()
    const exports = Object.values(byRoute.export ?? {}).reduce((sum, count) => sum + count, 0)
    expect(exports).toBeLessThanOrEqual(TEAMS + 10)
    expect(changedRows(result)).toBeGreaterThanOrEqual(9)
    expect(changedRows(result)).toBeLessThanOrEqual(10)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})

describe('changes younger than settle_seconds when a tenant is read for the first time', () => {
  let tenant: Tenant
  beforeAll(async () => {
    const generated = { teams: 1, channelsPerTeam: 2, messagesPerChannel: 20 }
    // Minutes, so that a slow machine does not settle them before the first read begins.
    tenant = await startTenant({ dataset: { generated } }, { settle_seconds: 300 })
  })
  afterAll(() => tenant.close())

  it('are left for the next sync, which reads them', async () => {
    const { mutate } = tenant.simulator
    const ids = [mutate.newRoot().id, mutate.edit().id]
    const tables = ['messages', 'message_replies'].map((table) => `SELECT id FROM microsoft_teams.${table}`)
    const held = () =>
      query(tenant.database, `FROM (${tables.join(' UNION ALL ')}) WHERE id IN (${ids.map((id) => `'${id}'`)})`)
    const first = await tenant.sync()
    expect(first.code, first.stderr).toBe(0)
    expect(await held()).toEqual([])
    tenant.later()
    const second = await tenant.sync()
    expect(second.code, second.stderr).toBe(0)
    expect(await held()).toHaveLength(new Set(ids).size)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})
