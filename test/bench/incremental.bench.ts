/**
 * 10,000 messages in 100 channels of 10 teams, ten of them changed: rows and requests that each read mode takes to
 * bring them, beside reading all channels again. Counted by the server.
 */
import { changedRows, specText, startTenant } from '../support/tenant.ts'
import { compareWithTruth } from '../support/truth.ts'

const ROUTES = ['export', 'delta', 'channel_messages', 'replies']
const CHANGES = 10

interface Count {
  rows: number
  requests: number
}

const results: Record<string, Count> = {}
for (const mode of ['list', 'delta', 'export']) results[mode] = await measure(mode)
const again = results.list!
for (const mode of ['export', 'delta']) {
  const { rows, requests } = results[mode]!
  console.log(
    `${mode} against listing again: ${Math.round(again.rows / rows)}x fewer rows, ${(again.requests / requests).toFixed(1)}x fewer requests`,
  )
}

async function measure(mode: string): Promise<Count> {
  const tenant = await startTenant({
    dataset: { generated: { teams: 10, channelsPerTeam: 10, messagesPerChannel: 100, days: 300 } },
  })
  tenant.writeSpec(specText({ read_mode: mode }, ['messages', 'message_replies']))
  const first = await tenant.sync()
  if (first.code !== 0) throw new Error(first.stderr)
  tenant.later()
  for (let change = 0; change < CHANGES; change++) tenant.simulator.mutate.random()
  tenant.later()
  tenant.simulator.resetStats()
  const { result, code, stderr } = await tenant.sync()
  if (code !== 0) throw new Error(stderr)
  const { byRoute } = tenant.simulator.stats()
  const requests = ROUTES.flatMap((route) => Object.values(byRoute[route] ?? {})).reduce((sum, count) => sum + count, 0)
  const rows = result.tables.reduce((sum, { read }) => sum + read, 0)
  const { missing, extra, different } = await compareWithTruth(tenant.database, tenant.simulator)
  console.log(
    `${mode}: ${rows} rows and ${requests} message requests (${result.requests} in all) for ${changedRows(result)} changed rows; ${missing + extra + different} differences from the truth`,
  )
  await tenant.close()
  return { rows: Math.max(1, rows), requests: Math.max(1, requests) }
}
