import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Event } from '../../libs/observe/events.ts'
import { queryDatabase, withDatabase } from '../support/operate.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 10 } } })
})
afterEach(() => tenant.close())

/** Syncs one table and answers what was said of the connection's name. */
async function said(...extra: string[]): Promise<string[]> {
  const notices: string[] = []
  const { ended } = tenant.start(['--tables', 'teams', '--progress', 'json', ...extra], {
    onLine: (line) => {
      const event = JSON.parse(line) as Event
      if (event.type === 'notice' && event.code === 'PARLEY_CONNECTION_NEW') notices.push(event.message)
    },
  })
  const { code, stderr } = await ended
  expect(code, stderr).toBe(0)
  return notices
}

it('a new name for an account that the destination holds already is said, once', async () => {
  expect(await said()).toEqual([])
  expect(await said('--connection-name', 'tset')).toEqual([
    'Connection tset is new in this destination, which holds the same account as connection test: everything is read from the beginning, and its state is kept beside that of test.',
  ])
  expect(await said('--connection-name', 'tset')).toEqual([])
  expect(await said()).toEqual([])
  const names = 'SELECT connection FROM parley.connections ORDER BY ALL'
  expect(await queryDatabase(tenant.database, names)).toEqual([{ connection: 'test' }, { connection: 'tset' }])
})

it('a connection to another account is none', async () => {
  await said()
  await withDatabase(tenant.database, (db) => db.run(`UPDATE parley.connections SET account = 'other'`))
  expect(await said('--connection-name', 'mine')).toEqual([])
})
