import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parley } from '../support/cli.ts'
import { queryDatabase, withDatabase } from '../support/operate.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { launcher, start } from '../unit/cli/run_parley.ts'

let tenant: Tenant
async function syncedTenant(): Promise<void> {
  tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 30 } } })
  const first = await tenant.sync()
  expect(first.code, first.stderr).toBe(0)
  tenant.later()
}

const state = (...args: string[]) => parley(['state', ...args, '--destination', `duckdb:${tenant.database}`])
const rows = <T>(sql: string) => queryDatabase<T>(tenant.database, sql)
const exportRequests = () =>
  Object.values(tenant.simulator.stats().byRoute.export ?? {}).reduce((sum, count) => sum + count, 0)

interface Shown {
  connections: {
    connection: string
    account: string
    tables: { table: string; partitions: { partition: string; state: string; cursor: object }[] }[]
  }[]
}

describe('state show', () => {
  beforeAll(syncedTenant)
  afterAll(() => tenant.close())

  it('lists cursors and coverage by connection, table and partition', async () => {
    const shown = await state('show', '--output', 'json')
    expect(shown.code, shown.stderr).toBe(0)
    const { connections } = JSON.parse(shown.stdout) as Shown
    expect(connections.map(({ connection }) => connection)).toEqual(['test'])
    const messages = connections[0]!.tables.find(({ table }) => table === 'microsoft_teams.messages')!
    const teams = tenant.simulator.truth.teams().map(({ id }) => id)
    const exported = messages.partitions.filter(({ partition }) => teams.includes(partition))
    expect(exported.map(({ state, cursor }) => [state, cursor])).toEqual([
      ['ok', expect.objectContaining({ v: expect.any(Number) })],
      ['ok', expect.objectContaining({ v: expect.any(Number) })],
    ])
    const one = await state('show', '--tables', 'teams')
    expect(one.stdout).toMatch(
      /^test: microsoft_teams, account \S+\n\nmicrosoft_teams\.teams\npartition +state +synced until/,
    )
    expect(one.stdout).not.toContain('microsoft_teams.messages')
  })

  it('shortens a long cursor for people only', async () => {
    const token = `https://graph.example/v1.0/x?$skiptoken=${'a'.repeat(400)}`
    await withDatabase(tenant.database, (db) =>
      db.run(`UPDATE parley.cursors SET cursor = '{"next":"${token}","v":1}' WHERE job = 'microsoft_teams.teams'`),
    )
    const text = await state('show', '--tables', 'teams')
    expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThan(200)
    expect((await state('show', '--tables', 'teams', '--output', 'json')).stdout).toContain(token)
  })

  it.each([
    ['a table that is not there', ['show', '--tables', 'mesages'], /--tables names mesages.*\n.*Did you mean/],
    [
      'a connection that is not there',
      ['show', '--connection-name', 'tset'],
      /no connection tset.*\n.*Did you mean test/,
    ],
  ])('%s is a usage error', async (_, args, message) => {
    const ended = await state(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(message)
  })
})

describe('state reset', () => {
  beforeEach(syncedTenant)
  afterEach(() => tenant.close())

  it('without a terminal and --yes does nothing', async () => {
    const before = await rows('FROM parley.cursors ORDER BY ALL')
    const ended = await state('reset')
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(
      /Resets microsoft_teams\.channels, .*Rows stay\.\nerror PARLEY_USAGE: There is no terminal/,
    )
    expect(await rows('FROM parley.cursors ORDER BY ALL')).toEqual(before)
  })

  const script = existsSync('/usr/bin/script')
  if (!script) console.warn('Left out: asking on a terminal. There is no /usr/bin/script to make one.')
  it.skipIf(!script).each([
    ['y', 0],
    ['', 4],
  ])('on a terminal it asks; %j leaves so many of 4 tables with cursors: %i', async (answer, tables) => {
    const command = [process.execPath, launcher, 'state', 'reset', '--destination', `duckdb:${tenant.database}`].join(
      ' ',
    )
    const terminal = start(['/usr/bin/script', '-qec', command, '/dev/null'])
    await terminal.shown('Go on? [y/N] ')
    terminal.process.stdin!.write(`${answer}\n`)
    const { code, stdout } = await terminal.ended
    expect([code, stdout]).toEqual([0, expect.stringContaining(answer === 'y' ? 'removed' : 'Nothing was done.')])
    expect(await rows('SELECT DISTINCT job FROM parley.cursors')).toHaveLength(tables)
  })

  it('with --yes the next sync reads the picked tables from the beginning, and changes nothing', async () => {
    const ended = await state('reset', '--tables', 'messages', '--yes', '--output', 'json')
    expect(ended.code, ended.stderr).toBe(0)
    expect(JSON.parse(ended.stdout)).toMatchObject({ done: true, tables: [{ table: 'microsoft_teams.messages' }] })
    const left = await rows<{ job: string }>('SELECT DISTINCT job FROM parley.cursors ORDER BY ALL')
    expect(left.map(({ job }) => job)).not.toContain('microsoft_teams.messages')
    expect(left.map(({ job }) => job)).toContain('microsoft_teams.message_replies')
    const again = await tenant.sync()
    expect(again.code, again.stderr).toBe(0)
    const read = again.result.tables.find(({ table }) => table === 'messages')!.read
    expect(read).toBeGreaterThanOrEqual(tenant.simulator.truth.counts().roots)
    expect(changedRows(again.result)).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })

  it('keeps knowing the partitions of a listed table, so that rows of one that vanished still go', async () => {
    const { id } = tenant.simulator.truth.teams()[1]!
    expect((await state('reset', '--yes')).code).toBe(0)
    expect(await rows(`SELECT DISTINCT state, code FROM parley.coverage`)).toEqual([
      { state: 'behind', code: 'PARLEY_STATE_RESET' },
    ])
    tenant.simulator.mutate.removeTeam(id)
    for (const code of [4, 0]) {
      tenant.later()
      const next = await tenant.sync()
      expect(next.code, next.stderr).toBe(code)
    }
    expect(await rows(`SELECT id FROM microsoft_teams.channels WHERE team_id = '${id}'`)).toEqual([])
  })

  it('helps where a cursor is damaged', async () => {
    await withDatabase(tenant.database, (db) =>
      db.run(`UPDATE parley.cursors SET cursor = '{' WHERE job = 'microsoft_teams.teams'`),
    )
    expect((await tenant.sync()).code).toBe(3)
    expect((await state('show', '--tables', 'teams')).stdout).toContain('"{"')
    expect((await state('reset', '--tables', 'teams', '--yes')).code).toBe(0)
    expect((await tenant.sync()).code).toBe(0)
  })

  it('is locked out while a sync holds the file', async () => {
    await withDatabase(tenant.database, async () => {
      const ended = await state('reset', '--yes')
      expect(ended.code).toBe(6)
      expect(ended.stderr).toMatch(new RegExp(`PARLEY_DESTINATION_LOCKED: .*PID ${process.pid}`))
    })
  })
})

describe('state export and import', () => {
  beforeAll(syncedTenant)
  afterAll(() => tenant.close())

  const file = () => join(tenant.folder, 'state.json')
  const everything = () =>
    rows(`SELECT to_json(t)::VARCHAR AS line FROM (FROM parley.cursors UNION ALL BY NAME FROM parley.coverage
      UNION ALL BY NAME FROM parley.snapshot_seen UNION ALL BY NAME FROM parley.jobs) AS t ORDER BY line`)

  it('brings back what was there, so that the next sync is quiet', async () => {
    const before = await everything()
    expect((await state('export', file())).code).toBe(0)
    expect((await state('reset', '--yes')).code).toBe(0)
    expect(await everything()).not.toEqual(before)
    const ended = await state('import', file(), '--yes')
    expect(ended.code, ended.stderr).toBe(0)
    expect(await everything()).toEqual(before)
    tenant.simulator.resetStats()
    const quiet = await tenant.sync()
    expect([quiet.code, changedRows(quiet.result)]).toEqual([0, 0])
    expect(exportRequests()).toBeLessThanOrEqual(4)
  })

  it('holds no secret, goes to stdout as well, and asks before it is imported', async () => {
    const { stdout, code } = await state('export', '--tables', 'teams')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'parley-state', v: 1, connection: { name: 'test' } })
    expect(JSON.parse(stdout).tables).toHaveLength(1)
    expect(stdout).not.toContain(tenant.simulator.connection.client_secret)
    writeFileSync(file(), stdout)
    const unasked = await state('import', file())
    expect(unasked.code).toBe(2)
    expect(unasked.stderr).toMatch(
      /Puts the state of .*microsoft_teams\.teams.*\nerror PARLEY_USAGE: There is no terminal/,
    )
  })

  const damaged: [string, (text: string) => string, number, string][] = [
    ['half a file', (text) => text.slice(0, text.length / 2), 2, 'PARLEY_STATE_FILE_INVALID'],
    ['another JSON file', () => '{"a": 1}', 2, 'PARLEY_STATE_FILE_INVALID'],
    ['one character changed', (text) => text.replace('"ok"', '"OK"'), 2, 'PARLEY_STATE_FILE_INVALID'],
    ['a newer file', (text) => text.replace('"v":1', '"v":2'), 3, 'PARLEY_STATE_FILE_NEWER'],
    ['newer state', (text) => text.replace(/"state_version":\d+/, '"state_version":99'), 3, 'PARLEY_STATE_FILE_NEWER'],
  ]
  it.each(damaged)('%s is refused, and nothing changes', async (_, damage, code, error) => {
    await state('export', file())
    writeFileSync(file(), damage(readFileSync(file(), 'utf8')))
    const before = await everything()
    const ended = await state('import', file(), '--yes')
    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stderr).toContain(`error ${error}: `)
    expect(await everything()).toEqual(before)
  })

  it('state of another account, of tables that are not there or that are others, is refused whole', async () => {
    const other = await startTenant({
      seed: 2,
      credentials: { tenantId: '11111111-2222-4333-8444-555555555555' },
      dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 5 } },
    })
    try {
      await other.sync()
      const foreign = await parley(['state', 'export', file(), '--destination', `duckdb:${other.database}`])
      expect(foreign.code, foreign.stderr).toBe(0)
    } finally {
      await other.close()
    }
    const before = await everything()
    const account = await state('import', file(), '--yes')
    expect([account.code, account.stderr]).toEqual([3, expect.stringContaining('PARLEY_CONNECTION_CHANGED')])
    await state('export', file())
    // All or nothing: messages come before the table that has gone.
    await withDatabase(tenant.database, (db) => db.run('DROP TABLE microsoft_teams.teams'))
    await state('reset', '--yes', '--tables', 'messages')
    const reset = await everything()
    const gone = await state('import', file(), '--yes')
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('there is no table microsoft_teams.teams')])
    expect(await everything()).toEqual(reset)
    await withDatabase(tenant.database, (db) =>
      db.run(`UPDATE parley.jobs SET primary_keys = '["id"]' WHERE job = 'microsoft_teams.messages'`),
    )
    const changed = await state('import', file(), '--yes', '--tables', 'messages')
    expect([changed.code, changed.stderr]).toEqual([3, expect.stringContaining('PARLEY_STATE_FOREIGN')])
    expect(before).not.toEqual(reset)
  })
})
