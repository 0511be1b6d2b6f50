import { afterEach, beforeEach, expect, it } from 'vitest'
import { queryDatabase, withDatabase } from '../support/operate.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 40 } } })
  const first = await tenant.sync()
  expect(first.code, first.stderr).toBe(0)
  tenant.later()
})
afterEach(() => tenant.close())

it('sync --full reads everything again, says so once, and changes only what differs', async () => {
  // Somebody lost rows that no cursor points at any more.
  const lost = 'WHERE channel_id = (SELECT min(channel_id) FROM microsoft_teams.messages)'
  const [before] = await queryDatabase<{ n: number }>(
    tenant.database,
    `SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages ${lost}`,
  )
  await withDatabase(tenant.database, (db) => db.run(`DELETE FROM microsoft_teams.messages ${lost}`))
  const quiet = await tenant.sync()
  expect(changedRows(quiet.result)).toBe(0)
  tenant.later()
  const { ended } = tenant.start(['--full', '--progress', 'plain', '--output', 'json'])
  const { code, stdout, stderr } = await ended
  expect(code, stderr).toBe(0)
  expect(stderr.match(/read again from the beginning/g)).toHaveLength(1)
  const result = JSON.parse(stdout)
  const read = result.tables.reduce((sum: number, table: { read: number }) => sum + table.read, 0)
  expect(read).toBeGreaterThanOrEqual(tenant.simulator.truth.counts().messages)
  expect(changedRows(result)).toBe(before!.n)
  expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
})

it('sync --full fills columns that were switched on later, and counts the rows apart', async () => {
  tenant.writeSpec(specText({ include_raw: true }))
  const quiet = await tenant.sync()
  expect(changedRows(quiet.result)).toBe(0)
  const lacking = `SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages WHERE _raw IS NULL`
  const [before] = await queryDatabase<{ n: number }>(tenant.database, lacking)
  expect(before!.n).toBeGreaterThan(50)
  tenant.later()
  const full = await tenant.sync(['--full'])
  expect(full.code, full.stderr).toBe(0)
  expect(changedRows(full.result)).toBe(0)
  expect(full.result.tables.find(({ table }) => table === 'messages')!.refilled).toBe(before!.n)
  expect(await queryDatabase(tenant.database, lacking)).toEqual([{ n: 0 }])
})
