import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import { startParley } from '../support/cli.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 4, channelsPerTeam: 2, messagesPerChannel: 40 } } })
})
afterEach(() => tenant.close())

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase(tenant.database, { sleep: async () => {}, readOnly: true })
  try {
    return (await database.connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

describe('a team that answers 403', () => {
  it('makes the run partial, keeps its rows, is named in coverage, and catches up when it is allowed again', async () => {
    expect((await tenant.sync()).code).toBe(0)
    const { id } = tenant.simulator.truth.teams()[2]!
    tenant.later()
    tenant.simulator.mutate.refuseTeam(id)
    for (let change = 0; change < 5; change++) tenant.simulator.mutate.newRoot({ team_id: id })
    tenant.later()
    const refused = await tenant.sync()
    expect(refused.code, refused.stderr).toBe(4)
    expect(refused.result.status).toBe('partial')
    expect(refused.result.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ partition: id, code: 'PARLEY_PERMISSION_MISSING' })]),
    )
    const coverage = await rows(
      `SELECT DISTINCT job, state FROM parley.coverage WHERE "partition" = '${id}' ORDER BY ALL`,
    )
    expect(coverage).toHaveLength(4)
    expect(coverage.every(({ state }) => state === 'refused')).toBe(true)
    const kept = await rows(`SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages WHERE team_id = '${id}'`)
    expect(Number(kept[0]!.n)).toBeGreaterThan(0)
    expect(await rows('SELECT count(*)::INTEGER AS n FROM microsoft_teams.teams')).toEqual([{ n: 4 }])
    tenant.simulator.mutate.allowTeam(id)
    tenant.later()
    const again = await tenant.sync()
    expect(again.code, again.stderr).toBe(0)
    expect(changedRows(again.result)).toBe(5)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})

describe('a team that is gone', () => {
  it('is refused at the first look, gone at the second, and then left alone', async () => {
    await tenant.sync()
    const { id } = tenant.simulator.truth.teams()[1]!
    tenant.simulator.mutate.removeTeam(id)
    tenant.later()
    expect((await tenant.sync()).code).toBe(4)
    expect(await rows('SELECT count(*)::INTEGER AS n FROM microsoft_teams.teams')).toEqual([{ n: 4 }])
    tenant.later()
    const second = await tenant.sync()
    expect(second.code, second.stderr).toBe(0)
    expect(await rows(`SELECT DISTINCT state FROM parley.coverage WHERE "partition" = '${id}'`)).toEqual([
      { state: 'gone' },
    ])
    // Rows of snapshots go, messages stay.
    expect(await rows(`SELECT count(*)::INTEGER AS n FROM microsoft_teams.teams WHERE id = '${id}'`)).toEqual([
      { n: 0 },
    ])
    expect(await rows(`SELECT count(*)::INTEGER AS n FROM microsoft_teams.channels WHERE team_id = '${id}'`)).toEqual([
      { n: 0 },
    ])
    const [messages] = await rows(`SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages WHERE team_id = '${id}'`)
    expect(Number(messages!.n)).toBeGreaterThan(0)
    tenant.later()
    const third = await tenant.sync()
    expect([third.code, changedRows(third.result)]).toEqual([0, 0])
    tenant.simulator.mutate.restoreTeam(id)
    tenant.later()
    const back = await tenant.sync()
    expect(back.code, back.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})

describe('a team that is gone, read by five tables', () => {
  it('is told of once, with the tables, and with what to do; the first look does not wait', async () => {
    const tables = ['teams', 'channels', 'members', 'channel_members', 'messages']
    tenant.writeSpec(specText({}, tables))
    await tenant.sync()
    const { id, channels } = tenant.simulator.truth.teams()[1]!
    tenant.simulator.mutate.removeTeam(id)
    tenant.later()
    tenant.simulator.resetStats()
    const { code, result, stderr } = await tenant.sync()
    expect(code, stderr).toBe(4)
    const jobs = (...names: string[]) => names.map((name) => `microsoft_teams.${name}`)
    const byPartition = Object.fromEntries(result.errors.map(({ partition, tables }) => [partition, tables]))
    expect(byPartition).toEqual({
      [id]: jobs('teams', 'channels', 'members', 'messages'),
      ...Object.fromEntries(channels.map((channel) => [`${id}/${channel.id}`, jobs('channel_members')])),
    })
    expect(result.errors).toHaveLength(1 + channels.length)
    const looks = tenant.simulator.log.filter(({ path, status }) => path.includes(id) && status === 404)
    expect(looks).toHaveLength(1)
    // One request more where it decides, repeated before it is believed.
    tenant.later()
    tenant.simulator.resetStats()
    const text = await startParley(['sync', ...tenant.args]).ended
    expect(text.code, text.stderr).toBe(0)
    expect(tenant.simulator.log.filter(({ path, status }) => path.includes(id) && status === 404)).toHaveLength(4)
  })

  it('names tables and remedy on a terminal', async () => {
    tenant.writeSpec(specText({}, ['teams', 'messages']))
    await tenant.sync()
    const { id } = tenant.simulator.truth.teams()[1]!
    tenant.simulator.mutate.removeTeam(id)
    tenant.later()
    const { code, stdout } = await startParley(['sync', ...tenant.args]).ended
    expect(code).toBe(4)
    expect(stdout).toContain(
      [
        'PARLEY_PARTITION_NOT_FOUND in microsoft_teams.teams, microsoft_teams.messages',
        `  ${id}: The API says it does not exist.`,
        '  → Nothing, if it was deleted: the next run looks once more, and then leaves it alone.',
      ].join('\n'),
    )
    expect(stdout.split(id)).toHaveLength(2)
  })
})

describe('a channel that is gone', () => {
  it('leaves the table of channels; its messages stay', async () => {
    await tenant.sync()
    const team = tenant.simulator.truth.teams()[0]!
    tenant.simulator.mutate.removeChannel(team.id, team.channels.at(-1)!.id)
    tenant.simulator.mutate.newChannel({ team_id: team.id, displayName: 'Fresh' })
    tenant.later()
    const { result, code, stderr } = await tenant.sync()
    expect(code, stderr).toBe(0)
    expect(result.tables.find(({ table }) => table === 'channels')).toMatchObject({ inserted: 1, deleted: 1 })
  })
})

describe('what stops a run', () => {
  it('403 everywhere: exit 3, and the permission that is missing', async () => {
    for (const role of [
      'Team.ReadBasic.All',
      'ChannelMessage.Read.All',
      'Channel.ReadBasic.All',
      'TeamSettings.Read.All',
      'Group.Read.All',
    ])
      tenant.simulator.mutate.revokeRole(role)
    const { code, stderr, stdout } = await tenant.sync()
    expect(code, stderr).toBe(3)
    expect(stdout + stderr).toContain('PARLEY_PERMISSION_MISSING')
    expect(stdout + stderr).toContain('Team.ReadBasic.All')
  })

  it('messages refused in every team: exit 3, and the permission that is missing', async () => {
    tenant.simulator.mutate.revokeRole('ChannelMessage.Read.All')
    tenant.writeSpec(specText({}, ['messages']))
    const { code, stderr, stdout } = await tenant.sync()
    expect(code, stderr).toBe(3)
    expect(stdout + stderr).toContain('ChannelMessage.Read.All')
  })

  it('a wrong secret: exit 3 within ten seconds', async () => {
    const connection = join(tenant.folder, 'wrong.json')
    writeFileSync(connection, JSON.stringify({ ...tenant.simulator.connection, client_secret: 'not~the~secret' }))
    chmodSync(connection, 0o600)
    const began = Date.now()
    const { code, stderr, stdout } = await tenant.sync(['--connection', connection])
    expect(code, stderr).toBe(3)
    expect(stdout + stderr).toContain('PARLEY_AUTH_INVALID_SECRET')
    expect(stdout + stderr).not.toContain('not~the~secret')
    expect(Date.now() - began).toBeLessThan(10_000)
  })

  it('a second process: exit 6, naming the holder; with --wait-lock it waits', async () => {
    await tenant.close()
    tenant = await startTenant({
      dataset: { generated: { teams: 4, channelsPerTeam: 2, messagesPerChannel: 40 } },
      latencyMs: 150,
    })
    let started: () => void = () => {}
    const running = new Promise<void>((resolve) => {
      started = resolve
    })
    const first = tenant.start(['--progress', 'json'], {
      onLine: (line) => line.includes('"run_started"') && started(),
    })
    await running
    const second = await tenant.sync()
    expect(second.code, second.stderr).toBe(6)
    expect(second.stdout + second.stderr).toContain('PARLEY_DESTINATION_LOCKED')
    expect(second.stdout + second.stderr).toContain(String(first.child.pid))
    const [waited, ended] = await Promise.all([tenant.sync(['--wait-lock']), first.ended])
    expect([waited.code, ended.code]).toEqual([0, 0])
  })

  it('a broken spec: exit 2, with file and line', async () => {
    const file = tenant.writeSpec('connection_name: test\nobjects:\n  - table:\n      source_table: mesages\n')
    const { code, stderr, stdout } = await tenant.sync()
    expect(code).toBe(2)
    expect(stdout + stderr).toContain(`${file}:4`)
  })

  it('no DuckDB file can be made: exit 3', async () => {
    const { code, stderr } = await tenant.sync(['--destination', `duckdb:${tenant.folder}`])
    expect(code, stderr).toBe(3)
  })
})
