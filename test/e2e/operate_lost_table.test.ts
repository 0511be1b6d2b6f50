import { afterEach, expect, it } from 'vitest'
import { withDatabase } from '../support/operate.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

let tenant: Tenant
afterEach(() => tenant.close())

it('a table that somebody renamed is made again, read from the beginning, and named', async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 20 } } })
  expect((await tenant.sync()).code).toBe(0)
  await withDatabase(tenant.database, (db) => db.run('ALTER TABLE microsoft_teams.messages RENAME TO old_messages'))
  tenant.later()
  const { ended } = tenant.start(['--progress', 'plain'])
  const { code, stderr } = await ended
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(
    /PARLEY_TABLE_REBUILT: Table microsoft_teams\.messages is not in the destination any more: it is made again/,
  )
  expect(stderr.match(/PARLEY_TABLE_REBUILT/g)).toHaveLength(1)
  expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
})
