import { afterEach, expect, it } from 'vitest'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { type Front, startFront } from './support/front.ts'
import { syncHere, why } from './support/sync_here.ts'

let tenant: Tenant
let front: Front
afterEach(async () => {
  await front.close()
  await tenant.close()
})

it.each(['export', 'delta', 'list'])(
  'a window in hand is begun again when the base URL has changed: %s',
  async (read_mode) => {
    tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 120 } } })
    front = await startFront(tenant)
    const table = { page_size: 10, read_mode }
    const broken = { kind: 'status', status: 500 } as const
    const late = Array.from({ length: 5000 }, (_, index) => index + 6)
    tenant.simulator.setFaults({
      rules: ['export', 'channel_messages', 'channel_messages_delta'].map((route) => ({
        route,
        nth: late,
        fault: broken,
      })),
    })
    const first = await syncHere(tenant, { connection: { max_attempts: 1 }, table })
    expect(first.code, why(first)).toBe(4)
    tenant.simulator.setFaults(null)
    tenant.later()
    const second = await syncHere(tenant, { connection: front.connection, table })
    expect(second.code, why(second)).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  },
)
