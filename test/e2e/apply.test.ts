import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../libs/simulator/random.ts'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { TeamsSimulatorOptions } from '../../sources/microsoft_teams/simulator/index.ts'
import { killRun } from '../support/kill_run.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

/** SCD_TYPE_2 and APPEND_ONLY, end to end: the tables against the tenant, while it changes and while the sync is killed. */
const MESSAGES = { messages: '', message_replies: 'parent_message_id' }
const KEY = (parent: string) => ['team_id', 'channel_id', ...(parent === '' ? [] : [parent]), 'id'].join(', ')
const KILLS = 4
const UNIT_ROWS = 1_000

let tenant: Tenant
afterEach(() => tenant.close())

async function rows<T = Record<string, unknown>>(sql: string, readOnly = true): Promise<T[]> {
  const database = await openDatabase(tenant.database, { sleep: async () => {}, readOnly })
  try {
    return (await database.connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
  } finally {
    database.close()
  }
}

/** Compares what the tables say of the present with the tenant: open versions, or the latest row of each key. */
async function compareNow(scdType: string) {
  for (const [table, parent] of Object.entries(MESSAGES)) {
    const latest = `QUALIFY row_number() OVER (PARTITION BY ${KEY(parent)} ORDER BY lastModifiedDateTime DESC) = 1`
    const now = scdType === 'SCD_TYPE_2' ? 'WHERE __END_AT IS NULL' : latest
    await rows(
      `CREATE SCHEMA IF NOT EXISTS present; CREATE OR REPLACE VIEW present.${table} AS SELECT * FROM microsoft_teams.${table} ${now}`,
      false,
    )
  }
  return compareWithTruth(tenant.database, tenant.simulator, 'present')
}

/** What is wrong with a table, as counts that must be 0. */
async function faultsOf(scdType: string, table: string, key: string): Promise<unknown> {
  const from = `microsoft_teams.${table}`
  if (scdType === 'APPEND_ONLY') {
    const distinct = `SELECT DISTINCT ON (${key}, content) 1 FROM (SELECT *, (t)::VARCHAR AS content FROM ${from} AS t)`
    const [doubled] = await rows(
      `SELECT ((SELECT count(*) FROM ${from}) - (SELECT count(*) FROM (${distinct})))::INTEGER AS doubled`,
    )
    return doubled
  }
  const isMessage = table in MESSAGES
  const [faults] = await rows(
    `SELECT count(*) FILTER (__END_AT <= __START_AT)::INTEGER AS backwards,
       count(*) FILTER (__END_AT > next OR (__END_AT IS NULL AND next IS NOT NULL))::INTEGER AS overlapping,
       count(*) FILTER (${isMessage} AND __END_AT IS DISTINCT FROM next)::INTEGER AS gaps,
       count(*) FILTER (_content_hash = next_hash AND __END_AT = next)::INTEGER AS unchanged,
       count(*) FILTER (${isMessage ? '__START_AT IS DISTINCT FROM lastModifiedDateTime' : '__START_AT IS NULL'})::INTEGER AS misdated
     FROM (SELECT *, lead(__START_AT) OVER key AS next, lead(_content_hash) OVER key AS next_hash
           FROM ${from} WINDOW key AS (PARTITION BY ${key} ORDER BY __START_AT))`,
  )
  return faults
}

async function expectSound(scdType: string): Promise<void> {
  const keys = {
    ...Object.fromEntries(Object.entries(MESSAGES).map(([t, p]) => [t, KEY(p)])),
    teams: 'id',
    channels: 'team_id, id',
  }
  for (const [table, key] of Object.entries(keys)) {
    const faults = (await faultsOf(scdType, table, key)) as Record<string, number>
    expect(
      Object.values(faults).every((count) => count === 0),
      `${table} ${JSON.stringify(faults)}`,
    ).toBe(true)
  }
}

async function expectEqual(scdType: string): Promise<void> {
  const difference = await compareNow(scdType)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
  expect(difference.rows).toBeGreaterThan(0)
  await expectSound(scdType)
}

const countOf = async (table: string, where = 'true') =>
  (await rows<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM microsoft_teams.${table} WHERE ${where}`))[0]!.n

const generated = { generated: { teams: 4, channelsPerTeam: 3, messagesPerChannel: 200 } }

describe.each(['SCD_TYPE_2', 'APPEND_ONLY'] as const)('%s', (scdType) => {
  const start = async (options: TeamsSimulatorOptions) => {
    tenant = await startTenant(options, { scd_type: scdType })
  }

  it('equals the tenant that changes during the walk; a quiet sync changes nothing', async () => {
    await start({ dataset: generated, mutateDuringWalk: { every: 3, max: 20 }, lateVisibilityMs: 20_000 })
    const first = await tenant.sync()
    expect([0, 4], first.stderr).toContain(first.code)
    for (let round = 0; round < 2; round++) {
      tenant.later()
      for (let change = 0; change < 10; change++) tenant.simulator.mutate.random()
      tenant.later()
      const next = await tenant.sync()
      expect(next.code, next.stderr).toBe(0)
    }
    await expectEqual(scdType)
    const held = await countOf('messages')
    tenant.later()
    const quiet = await tenant.sync()
    expect([quiet.code, changedRows(quiet.result)]).toEqual([0, 0])
    expect(await countOf('messages')).toBe(held)
  })

  it('keeps every state of a message that a sync saw, and counts it once', async () => {
    await start({ dataset: generated })
    await tenant.sync()
    const key = tenant.simulator.mutate.newRoot({ text: 'first' })
    for (const text of ['first', 'second', 'third']) {
      if (text !== 'first') tenant.simulator.mutate.edit({ ...key, text })
      tenant.later()
      const { result } = await tenant.sync()
      expect(changedRows(result)).toBe(1)
    }
    const history = await rows<{ text: string }>(
      `SELECT body.content AS text FROM microsoft_teams.messages WHERE channel_id = '${key.channel_id}' AND id = '${key.id}' ORDER BY lastModifiedDateTime`,
    )
    expect(history.map(({ text }) => /first|second|third/.exec(text)?.[0])).toEqual(['first', 'second', 'third'])
    await expectEqual(scdType)
  })

  it('of a channel and a team that vanish: a history ends, appended rows and messages stay', async () => {
    await start({ dataset: generated })
    await tenant.sync()
    const [team, lost] = tenant.simulator.truth.teams()
    tenant.simulator.mutate.removeChannel(team!.id, team!.channels.at(-1)!.id)
    tenant.simulator.mutate.removeTeam(lost!.id)
    const messages = await countOf('messages')
    const deleted: number[] = []
    for (let look = 0; look < 3; look++) {
      tenant.later()
      const { result } = await tenant.sync()
      deleted.push(result.tables.reduce((sum, table) => sum + table.deleted, 0))
    }
    const isHistory = scdType === 'SCD_TYPE_2'
    // At once the channel; at the second look the team with its three channels; then nothing more.
    expect(deleted).toEqual(isHistory ? [1, 4, 0] : [0, 0, 0])
    expect([await countOf('channels'), await countOf('teams'), await countOf('messages')]).toEqual([12, 4, messages])
    if (isHistory) {
      expect(await countOf('channels', '__END_AT IS NULL')).toBe(8)
      expect(await countOf('teams', `__END_AT IS NOT NULL AND id = '${lost!.id}'`)).toBe(1)
    }
    await expectSound(scdType)
    tenant.simulator.mutate.restoreTeam(lost!.id)
    tenant.later()
    const back = await tenant.sync()
    expect(back.code, back.stderr).toBe(0)
    expect(await countOf('teams')).toBe(isHistory ? 5 : 4)
    await expectSound(scdType)
  })

  it(`killed ${KILLS} times with SIGKILL while the tenant changes, equals it`, async () => {
    const chance = seededRandom(scdType.length)
    await start({
      dataset: { generated: { teams: 36, channelsPerTeam: 2, messagesPerChannel: 130 } },
      latencyMs: 5,
      mutateDuringWalk: { every: 10, max: 30 },
    })
    const args = [...tenant.args, '--workers', '4', '--progress', 'json', '--output', 'json']
    for (let kill = 0; kill < KILLS; kill++) {
      const record = await killRun(args, {
        unitRows: UNIT_ROWS,
        insideCommit: chance.next() < 0.6,
        afterUnits: 1 + chance.below(2),
        delayMs: chance.below(40),
      })
      expect(record.killed, `kill ${kill} came after the end:\n${record.stderr}`).toBe(true)
      expect(record.lostRows).toBeLessThanOrEqual(UNIT_ROWS)
    }
    for (let sync = 0; sync < 2; sync++) {
      tenant.later()
      const last = await tenant.sync(['--workers', '4'])
      expect([0, 4], last.stderr).toContain(last.code)
    }
    await expectEqual(scdType)
    tenant.later()
    expect(changedRows((await tenant.sync()).result)).toBe(0)
  }, 180_000)
})
