import { afterEach, describe, expect, it } from 'vitest'
import { memberLines } from '../support/member_truth.ts'
import { query } from '../support/query.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
afterEach(() => tenant.close())

/** Every table and every option that the lakehouse's community connector for Teams documents, as it documents them: all texts. */
function incumbentSpec(team_id: string, channel_id: string): string {
  const table = (source_table: string, table_configuration?: Record<string, string>) => ({
    table: {
      source_table,
      destination_catalog: 'main',
      destination_schema: 'teams_data',
      destination_table: source_table,
      ...(table_configuration === undefined ? {} : { table_configuration }),
    },
  })
  const objects = [
    table('teams', { top: '999' }),
    table('channels', { fetch_all_teams: 'true' }),
    table('members', { fetch_all_teams: 'true', top: '100', max_pages_per_batch: '100' }),
    table('messages', {
      team_id,
      fetch_all_channels: 'true',
      use_delta_api: 'true',
      start_date: '2020-01-01T00:00:00Z',
      lookback_seconds: '172800',
      top: '50',
      max_pages_per_batch: '100',
      max_records_per_batch: '0',
    }),
    table('message_replies', {
      team_id,
      channel_id,
      message_id: '1616963377068',
      fetch_all_messages: 'true',
      use_delta_api: 'false',
      start_date: '2020-01-01T00:00:00Z',
      max_concurrent_threads: '10',
    }),
  ]
  return JSON.stringify({ connection_name: 'microsoft_teams_connection', objects }, null, 2)
}

describe("a spec of the lakehouse's own connector", () => {
  it('runs unedited: the same tables, a notice for each option that does nothing', async () => {
    tenant = await startTenant({
      dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 40, days: 30 } },
    })
    const [team] = tenant.simulator.truth.teams()
    const [channel] = team!.channels
    tenant.writeSpec(incumbentSpec(team!.id, channel!.id))
    const { ended } = tenant.start(['--progress', 'plain'])
    const { code, stderr } = await ended
    expect(code, stderr).toBe(0)
    const ignored = [
      'top',
      'fetch_all_teams',
      'fetch_all_channels',
      'fetch_all_messages',
      'use_delta_api',
      'message_id',
    ]
    for (const option of [...ignored, 'max_concurrent_threads']) expect(stderr).toContain(`${option} does nothing`)
    const count = async (of: string) =>
      (await query<{ n: number }>(tenant.database, `SELECT count(*)::INTEGER AS n FROM teams_data.${of}`))[0]!.n
    expect([await count('teams'), await count('channels')]).toEqual([2, 4])
    const { held, truth } = await memberLines(tenant.database, tenant.simulator, 'teams_data')
    expect(held).toEqual(truth)
    const shown = [...tenant.simulator.truth.messages({ team_id: team!.id })]
    const roots = shown.filter(({ json }) => json.replyToId === null)
    const replies = shown.filter(({ json, channel_id }) => json.replyToId !== null && channel_id === channel!.id)
    expect([await count('messages'), await count('message_replies')]).toEqual([roots.length, replies.length])
  })
})
