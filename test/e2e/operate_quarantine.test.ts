import { afterAll, beforeAll, expect, it } from 'vitest'
import { parley } from '../support/cli.ts'
import { queryDatabase, withDatabase } from '../support/operate.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

/** One story: a row comes without its id, is looked at, replayed in vain, mended and replayed. */
let tenant: Tenant
beforeAll(async () => {
  tenant = await startTenant({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 30 } } })
  tenant.simulator.setFaults({
    rules: [
      { route: 'export', nth: 1, fault: { kind: 'hostile_row', row: 0, drop: ['id'] } },
      { route: 'export', nth: 2, fault: { kind: 'hostile_row', row: 0, drop: ['id'] } },
      { route: 'channels', query: 'displayName', nth: 1, fault: { kind: 'hostile_row', row: 0, drop: ['id'] } },
    ],
  })
  const first = await tenant.sync()
  expect(first.code, first.stderr).toBe(0)
  tenant.simulator.setFaults(null)
})
afterAll(() => tenant.close())

const destination = () => ['--destination', `duckdb:${tenant.database}`]
const quarantine = (...args: string[]) => parley(['quarantine', ...args, ...destination()])
const replay = (...args: string[]) => parley(['quarantine', 'replay', ...tenant.args, '--output', 'json', ...args])
const kept = () =>
  queryDatabase<{ job: string; code: string; row: string }>(
    tenant.database,
    'SELECT job, code, "row" FROM parley.quarantine ORDER BY job, "row"',
  )

interface Replayed {
  tables: { table: string; replayed: number; inserted: number; updated: number; stayed: number; listed: object }[]
}
async function replayed(): Promise<Replayed['tables']> {
  const { code, stdout, stderr } = await replay()
  expect(code, stderr).toBe(0)
  return (JSON.parse(stdout) as Replayed).tables
}
const messageTables = (tables: Replayed['tables']) => tables.filter(({ table }) => table.includes('message'))
const sum = (tables: Replayed['tables'], what: 'replayed' | 'inserted' | 'stayed') =>
  tables.reduce((total, table) => total + table[what], 0)

it('list counts by table and reason', async () => {
  const { code, stdout } = await quarantine('list', '--output', 'json')
  const { quarantine: counts } = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(counts.reduce((total: number, { rows }: { rows: number }) => total + rows, 0)).toBe((await kept()).length)
  expect(new Set(counts.map(({ code }: { code: string }) => code))).toEqual(new Set(['key_missing']))
  const text = await quarantine('list', '--tables', 'channels')
  expect(text.stdout).toMatch(
    /^table +connection +code +rows +first +last\nmicrosoft_teams\.channels +test +key_missing +1 /,
  )
})

it.each([
  ['a table that is not there', ['--tables', 'channesl'], /--tables names channesl.*\n.*Did you mean channels/],
  ['a connection that is not there', ['--connection-name', 'tset'], /no connection tset.*\n.*Did you mean test/],
])('list and show: %s is a usage error, as for the state', async (_, args, message) => {
  for (const command of ['list', 'show']) {
    const ended = await quarantine(command, ...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(message)
  }
})

it('show gives the rows with their reason, not more than asked for', async () => {
  const { stdout } = await quarantine('show', '--output', 'json')
  const { rows } = JSON.parse(stdout)
  expect(rows).toHaveLength((await kept()).length)
  const message = rows.find(({ table }: { table: string }) => table.includes('message'))
  expect(message).toMatchObject({ code: 'key_missing', message: 'Primary key id has no value.', connection: 'test' })
  // What Parley adds is kept with the row: without it a replay could not tell the team and channel.
  expect(JSON.parse(message.row)).toMatchObject({ team_id: message.partition, channel_id: expect.any(String) })
  const text = await quarantine('show', '--limit', '1')
  expect(text.stdout.match(/key_missing: /g)).toHaveLength(1)
  expect((await quarantine('show', '--limit', '0')).code).toBe(2)
})

it('replay leaves what still has no key, and rows of listed tables to the next listing', async () => {
  const before = await kept()
  const tables = await replayed()
  expect([sum(tables, 'replayed'), sum(tables, 'stayed')]).toEqual([0, before.length])
  expect(await kept()).toEqual(before)
})

it('replay applies rows that have a key now, once, with the columns that Parley adds', async () => {
  const rows = await kept()
  const lost = [...tenant.simulator.truth.messages()].filter(({ json }) =>
    rows.some(
      ({ row }) =>
        JSON.parse(row).etag === json.etag &&
        JSON.parse(row).channel_id === json.channelIdentity?.['channelId' as never],
    ),
  )
  expect(lost).toHaveLength(messagesOf(rows).length)
  // A release that reads the id from elsewhere would find it; here it is written into the row.
  await withDatabase(tenant.database, async (db) => {
    for (const { json } of lost)
      await db.run(
        `UPDATE parley.quarantine SET "row" = json_merge_patch("row"::JSON, json_object('id', $1::VARCHAR))::VARCHAR WHERE "row"->>'$.etag' = $2`,
        [String(json.id), String(json.etag)],
      )
    await db.run(
      `UPDATE parley.quarantine SET "row" = json_merge_patch("row"::JSON, '{"id":"19:made@thread.tacv2"}')::VARCHAR WHERE job = 'microsoft_teams.channels'`,
    )
  })
  const tables = await replayed()
  expect([sum(messageTables(tables), 'replayed'), sum(messageTables(tables), 'inserted')]).toEqual([
    lost.length,
    lost.length,
  ])
  expect(tables.find(({ table }) => table.endsWith('.channels'))!.listed).toEqual({ left: 0, stayed: 1 })
  expect((await kept()).map(({ job }) => job)).toEqual(['microsoft_teams.channels'])
  expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  expect(sum(messageTables(await replayed()), 'replayed')).toBe(0)
})

it('a row of a listed table leaves once its partition was listed again', async () => {
  tenant.later()
  const next = await tenant.sync()
  expect(next.code, next.stderr).toBe(0)
  expect(changedRows(next.result)).toBe(1)
  const tables = await replayed()
  expect(tables.find(({ table }) => table.endsWith('.channels'))!.listed).toEqual({ left: 1, stayed: 0 })
  expect(await kept()).toEqual([])
  expect((await quarantine('show')).stdout).toBe('No rows are kept aside.\n')
  expect((await quarantine('list', '--tables', 'channels')).stdout).toBe('No rows are kept aside.\n')
})

it('replay of another account, or while the file is held, does nothing', async () => {
  await withDatabase(tenant.database, async () => expect((await replay()).code).toBe(6))
  const { code, stderr } = await replay('--connection-name', 'other')
  expect([code, stderr]).toEqual([2, expect.stringContaining('This destination has no connection other.')])
})

function messagesOf(rows: { job: string }[]) {
  return rows.filter(({ job }) => job.includes('message'))
}
