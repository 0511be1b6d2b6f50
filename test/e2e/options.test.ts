import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({
    dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 60, days: 30 } },
  })
})
afterEach(() => tenant.close())

async function rows<T>(sql: string): Promise<T[]> {
  const database = await openDatabase(tenant.database, { sleep: async () => {}, readOnly: true })
  try {
    return (await database.connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
  } finally {
    database.close()
  }
}

async function syncWith(options: Record<string, unknown>) {
  tenant.writeSpec(specText(options))
  const ended = await tenant.sync()
  expect(ended.code, ended.stderr).toBe(0)
  return ended.result
}

const ALL = `SELECT * FROM (SELECT channel_id, lastModifiedDateTime AS changed FROM microsoft_teams.messages
  UNION ALL SELECT channel_id, lastModifiedDateTime FROM microsoft_teams.message_replies)`
const truth = () => [...tenant.simulator.truth.messages()].map(({ json }) => json as Record<string, string>)
const iso = (ms: number) => new Date(ms).toISOString()

describe('options of a table', () => {
  it('start_date and end_date bound the times, to the millisecond; without them the rest is read later', async () => {
    const times = truth()
      .map((json) => Date.parse(json.lastModifiedDateTime!))
      .sort((a, b) => a - b)
    const [start, end] = [times[50]!, times[150]!]
    await syncWith({ start_date: iso(start), end_date: iso(end) })
    const [held] = await rows<{ n: number; first: string; last: string }>(
      `SELECT count(*)::INTEGER AS n, epoch_ms(min(changed))::DOUBLE AS first, epoch_ms(max(changed))::DOUBLE AS last FROM (${ALL})`,
    )
    const expected = times.filter((time) => time >= start && time < end)
    expect(held).toEqual({ n: expected.length, first: expected[0], last: expected.at(-1) })
    await syncWith({})
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })

  it.each([{}, { read_mode: 'delta' }])(
    'a typing error in team_id is forgotten when it is corrected, with %o',
    async (mode) => {
      const tables = ['teams', 'channels', 'members', 'channel_members', 'messages']
      const spec = (options: object, wanted = tables) => tenant.writeSpec(specText({ ...mode, ...options }, wanted))
      const unread = () =>
        rows<{ job: string }>(`SELECT job FROM parley.coverage WHERE state NOT IN ('ok', 'gone') ORDER BY job`)
      const team = tenant.simulator.truth.teams()[0]!
      spec({ team_id: 'nope' })
      expect((await tenant.sync()).code).toBe(3)
      expect(await unread()).toHaveLength(tables.length)
      // To another option, without a list of the teams; then to none, with one. The other tables keep theirs until their turn.
      spec({ team_id: team.id }, ['teams', 'messages'])
      const narrowed = await tenant.sync()
      expect(narrowed.code, narrowed.stderr).toBe(0)
      expect((await unread()).map(({ job }) => job)).toEqual(
        ['channel_members', 'channels', 'members'].map((name) => `microsoft_teams.${name}`),
      )
      spec({})
      const whole = await tenant.sync()
      expect(whole.code, whole.stderr).toBe(0)
      expect(whole.result.errors).toEqual([])
      expect(await unread()).toEqual([])
      expect(await rows(`FROM parley.coverage WHERE "partition" LIKE 'nope%'`)).toEqual([])
    },
  )

  it('a typing error in channel_id is forgotten too, but not a channel that was read, nor one that is still asked for', async () => {
    const { id, channels } = tenant.simulator.truth.teams()[0]!
    const tables = ['channel_members', 'messages']
    const spec = (channel_id: string) =>
      tenant.writeSpec(specText({ team_id: id, channel_id, read_mode: 'delta' }, tables))
    const lines = () => rows(`SELECT DISTINCT "partition" AS id, state FROM parley.coverage ORDER BY ALL`)
    const channel = channels[0]!.id
    spec(`${channel},19:nope@thread.tacv2`)
    tenant.simulator.mutate.refuseChannel(id, channel)
    expect((await tenant.sync()).code).toBe(3)
    const nope = { id: `${id}/19:nope@thread.tacv2`, state: 'refused' }
    expect(await lines()).toContainEqual(nope)
    expect((await tenant.sync()).code).toBe(3)
    expect(await lines()).toContainEqual(nope)
    tenant.simulator.mutate.allowChannel(id, channel)
    spec(channel)
    expect((await tenant.sync()).code).toBe(0)
    expect(await lines()).toEqual([{ id: `${id}/${channel}`, state: 'ok' }])
    spec(channels[1]!.id)
    await tenant.sync(['--full'])
    expect(await lines()).toHaveLength(2)
  })

  it('team_id and channel_id read a part, and leave the cursors of the rest alone', async () => {
    const team = tenant.simulator.truth.teams()[0]!
    const [channel] = team.channels
    await syncWith({ team_id: team.id, channel_id: channel!.id })
    expect(await rows(`SELECT DISTINCT channel_id FROM (${ALL})`)).toEqual([{ channel_id: channel!.id }])
    expect(await rows('SELECT id FROM microsoft_teams.channels')).toEqual([{ id: channel!.id }])
    await syncWith({})
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
    tenant.later()
    expect(changedRows(await syncWith({ team_id: team.id, channel_id: channel!.id }))).toBe(0)
    expect(await rows('SELECT count(*)::INTEGER AS n FROM microsoft_teams.channels')).toEqual([{ n: 4 }])
  })

  it('include_raw keeps the whole JSON', async () => {
    await syncWith({ include_raw: true, team_id: tenant.simulator.truth.teams()[0]!.id })
    const [row] = await rows<{ _raw: string; id: string }>('SELECT id, _raw FROM microsoft_teams.messages LIMIT 1')
    expect(JSON.parse(row!._raw)).toMatchObject({ id: row!.id, locale: 'en-us' })
  })

  it('of other connectors are taken with a notice', async () => {
    tenant.writeSpec(
      specText({ use_delta_api: 'true', top: '50', fetch_all_teams: 'true', max_pages_per_batch: '100' }),
    )
    const { ended } = tenant.start(['--progress', 'plain'])
    const { code, stderr } = await ended
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('use_delta_api')
  })
})

describe('odd rows', () => {
  it('a row without a key is kept aside, a value that does not fit is rescued; nothing else suffers', async () => {
    tenant.simulator.setFaults({
      rules: [
        { route: 'export', nth: 1, fault: { kind: 'hostile_row', row: 0, drop: ['id'] } },
        {
          route: 'export',
          nth: 2,
          fault: { kind: 'hostile_row', row: 0, set: { createdDateTime: 'yesterday', subject: 7 } },
        },
      ],
    })
    const result = await syncWith({})
    const of = (name: 'quarantined' | 'rescued') => result.tables.reduce((sum, table) => sum + table[name], 0)
    expect([of('quarantined'), of('rescued')]).toEqual([1, 2])
    expect(await rows('SELECT code FROM parley.quarantine')).toEqual([{ code: 'key_missing' }])
    const rescued = await rows<{ d: string }>(
      `SELECT _rescued_data AS d FROM (SELECT _rescued_data FROM microsoft_teams.messages UNION ALL SELECT _rescued_data FROM microsoft_teams.message_replies) WHERE _rescued_data IS NOT NULL`,
    )
    expect(rescued.map(({ d }) => JSON.parse(d))).toEqual([
      { createdDateTime: { code: 'not_a_timestamp', value: 'yesterday' }, subject: { code: 'not_text', value: 7 } },
    ])
  })
})
