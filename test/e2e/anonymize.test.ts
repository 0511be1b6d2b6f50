import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../libs/connect/json.ts'
import { parley } from '../support/cli.ts'
import { writeConnection } from '../support/operate.ts'
import { query } from '../support/query.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

const KEY = 'the key of this test, 42 characters long..'
const TABLES = ['teams', 'channels', 'members', 'channel_members', 'messages', 'message_replies']
const on = { anonymize: true, anonymize_key: KEY }
const hashOf = (text: string) => createHmac('sha256', KEY).update(text).digest('hex').slice(0, 32)

const ODD = {
  from: ['Member 1'],
  subject: { by: 'Member 2' },
  reactions: 'Member 3',
  mentions: new Array(120).fill({ mentionText: 815_4711, id: 'many' }),
  unknownField: 'Member 4',
}
/** Persons in every place where a row that is set aside, or a value of it, could carry one out. */
const HOSTILE = [
  { route: 'export', nth: 1, fault: { kind: 'hostile_row' as const, row: 0, drop: ['id'] } },
  // Some requests of an export bring no rows.
  ...[2, 3, 4, 5, 6].map((nth) => ({
    route: 'export',
    nth,
    fault: { kind: 'hostile_row' as const, row: 0, set: ODD },
  })),
  {
    route: 'team_members',
    nth: 1,
    fault: { kind: 'hostile_row' as const, row: 0, set: { id: null, phone: '815-4711' } },
  },
  { route: 'channel_members', nth: 1, fault: { kind: 'hostile_row' as const, row: 1, set: { displayName: 815_4711 } } },
]

let tenant: Tenant
let outputs = ''
beforeAll(async () => {
  const generated = { teams: 2, channelsPerTeam: 3, messagesPerChannel: 120, days: 30 }
  tenant = await startTenant({ dataset: { generated } })
  tenant.writeSpec(specText({}, TABLES))
  writeConnection(tenant, on)
  tenant.simulator.setFaults({ rules: HOSTILE })
  const ended = await tenant.sync()
  expect(ended.code, ended.stderr).toBe(0)
  expect(ended.result.tables.reduce((sum, { quarantined }) => sum + quarantined, 0)).toBe(2)
  outputs = ended.stdout + ended.stderr
  tenant.simulator.setFaults(null)
}, 60_000)
afterAll(() => tenant.close())

/** Every row of every table of the file, state included, as text. */
async function everything(): Promise<string> {
  const tables = await query<{ name: string }>(
    tenant.database,
    `SELECT schema_name || '."' || table_name || '"' AS name FROM duckdb_tables() ORDER BY ALL`,
  )
  expect(tables.length).toBeGreaterThan(TABLES.length)
  const parts: string[] = []
  for (const { name } of tables) parts.push(JSON.stringify(await query(tenant.database, `FROM ${name}`)))
  return parts.join('\n')
}

/** Ids, names and addresses of the tenant's people, as the API shows them, and ids of memberships. */
function persons(): Set<string> {
  const { truth } = tenant.simulator
  const found = new Set<string>()
  const note = (...values: unknown[]) => {
    for (const value of values) if (typeof value === 'string' && value !== '') found.add(value)
  }
  for (const { id, json } of [...truth.members(), ...truth.channelMembers()])
    note(id, json.userId, json.displayName, json.email)
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { user } = value as { user?: JsonObject | null }
    note(user?.id, user?.displayName)
    for (const child of Object.values(value)) walk(child)
  }
  for (const { json } of truth.messages()) walk(json)
  return found
}

describe('a sync with anonymize', () => {
  it('stores no id, name or address of a person, nor the key, anywhere', async () => {
    const people = persons()
    expect(people.size).toBeGreaterThan(100)
    const stored = await everything()
    expect(stored).toContain(hashOf('Member 1'))
    const companions = readdirSync(`${tenant.database}.parley`).map((name) => join(`${tenant.database}.parley`, name))
    const files = [tenant.database, ...companions].map((path) => readFileSync(path, 'latin1')).join('\n')
    // "Member 1" is in "Member 12" too, which is no matter: neither may be there.
    for (const secret of [...people, '8154711', '815-4711', KEY])
      for (const [place, text] of Object.entries({ stored, files, outputs }))
        expect(text.includes(secret), `${secret} in ${place}`).toBe(false)
    const rescued = await query<{ text: string }>(
      tenant.database,
      ['messages', 'message_replies', 'channel_members']
        .map((table) => `SELECT _rescued_data AS text FROM microsoft_teams.${table} WHERE _rescued_data IS NOT NULL`)
        .join(' UNION ALL '),
    )
    const codes = rescued.flatMap(({ text }) => Object.entries<{ code: string }>(JSON.parse(text)))
    expect(codes.map(([path, { code }]) => `${path} ${code}`)).toEqual(
      expect.arrayContaining([
        'from not_an_object',
        'subject not_text',
        'reactions not_a_list',
        'mentions more_misfits',
        'displayName not_text',
      ]),
    )
  })

  it('keeps what is joined: authors and mentions are members, events name them', async () => {
    const sql = (expression: string) => `SELECT count(*)::INTEGER AS all_rows, count(m.userId)::INTEGER AS joined
      FROM (SELECT ${expression} AS person, team_id FROM microsoft_teams.messages) AS x
      LEFT JOIN (SELECT DISTINCT userId FROM microsoft_teams.members) AS m ON m.userId = x.person WHERE x.person IS NOT NULL`
    for (const expression of [
      `"from"."user".id`,
      `unnest(list_transform(mentions, lambda x: x.mentioned."user".id))`,
      `eventDetail ->> '$.initiator.user.id'`,
    ]) {
      const [counts] = await query<{ all_rows: number; joined: number }>(tenant.database, sql(expression))
      expect(counts!.all_rows, expression).toBeGreaterThan(0)
      expect(counts!.joined, expression).toBeGreaterThan(0.5 * counts!.all_rows)
    }
    const [someone] = [...tenant.simulator.truth.members()]
    const held = await query(
      tenant.database,
      `SELECT DISTINCT displayName, email FROM microsoft_teams.members WHERE userId = '${hashOf(String(someone!.json.userId))}' AND _rescued_data IS NULL`,
    )
    expect(held).toEqual([
      { displayName: hashOf(String(someone!.json.displayName)), email: hashOf(String(someone!.json.email)) },
    ])
  })

  it('shows the same person in a text as beside it', async () => {
    const rows = await query<{ content: string; names: string[] }>(
      tenant.database,
      `SELECT body.content, list_transform(mentions, lambda x: x.mentionText) AS names FROM microsoft_teams.messages
       WHERE body.content LIKE '%<at %' AND _rescued_data IS NULL`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { content, names } of rows)
      expect([...content.matchAll(/<at id="\d+">(.*?)<\/at>/g)].map(([, name]) => name)).toEqual(names)
  })

  it('changes nothing when nothing has happened, and one row when one thing has', async () => {
    tenant.later()
    // Rows that came spoiled come whole now.
    await tenant.sync(['--full'])
    tenant.later()
    const again = await tenant.sync()
    expect(again.code, again.stderr).toBe(0)
    expect(changedRows(again.result)).toBe(0)
    const { team_id } = tenant.simulator.mutate.addMember({ displayName: 'Ada Lovelace' })
    tenant.later()
    expect(changedRows((await tenant.sync(['--tables', 'members'])).result)).toBe(1)
    const members = await query(
      tenant.database,
      `SELECT 1 AS one FROM microsoft_teams.members WHERE team_id = '${team_id}' AND displayName = '${hashOf('Ada Lovelace')}'`,
    )
    expect(members).toEqual([{ one: 1 }])
  })
})

describe('what is refused, with a code and before a row is touched', () => {
  const codes = async (options: Record<string, unknown>, extra: string[] = []) => {
    writeConnection(tenant, options)
    const { code, stderr, stdout } = await parley(['sync', ...tenant.args, '--progress', 'none', ...extra])
    expect(stdout + stderr).not.toContain(KEY)
    return { code, error: /PARLEY_\w+/.exec(stderr)?.[0], stderr }
  }

  it('no key, and one that is too short', async () => {
    const missing = await codes({ anonymize: true })
    expect(missing).toMatchObject({ code: 3, error: 'PARLEY_CONNECTION_INVALID' })
    expect(missing.stderr).toMatch(/anonymize_key is required by anonymize.*16 characters/)
    const short = await codes({ ...on, anonymize_key: 'short' })
    expect(short).toMatchObject({ code: 3, error: 'PARLEY_CONNECTION_INVALID' })
    expect(short.stderr).toMatch(/at least 16 characters/)
  })

  it('another key, and none any more, also by a dry run', async () => {
    for (const extra of [[], ['--dry-run']])
      for (const options of [{ ...on, anonymize_key: `${KEY}.` }, {}])
        expect(await codes(options, extra)).toMatchObject({ code: 3, error: 'PARLEY_ANONYMIZE_CHANGED' })
    writeConnection(tenant, on)
    tenant.later()
    expect((await tenant.sync()).code).toBe(0)
  })

  it('include_raw beside it, in a sync and in a read', async () => {
    tenant.writeSpec(specText({ include_raw: 'true' }, TABLES))
    expect(await codes(on)).toMatchObject({ code: 3, error: 'PARLEY_ANONYMIZE_RAW' })
    tenant.writeSpec(specText({}, TABLES))
    const connection = tenant.args.slice(tenant.args.indexOf('--connection'), tenant.args.indexOf('--connection') + 2)
    const read = await parley(['read', 'microsoft_teams', 'messages', ...connection, '--option', 'include_raw=true'])
    expect(read.stderr).toContain('PARLEY_ANONYMIZE_RAW')
  })
})

it.each(['export', 'delta', 'list'])('a read by %s shows nobody either', async (mode) => {
  writeConnection(tenant, on)
  const connection = tenant.args.slice(tenant.args.indexOf('--connection'), tenant.args.indexOf('--connection') + 2)
  const people = [...persons()]
  for (const table of ['messages', 'message_replies']) {
    const args = ['read', 'microsoft_teams', table, ...connection, '--option', `read_mode=${mode}`]
    const { code, stdout, stderr } = await parley(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/"user":\{"id":"[0-9a-f]{32}"/)
    expect(people.filter((person) => stdout.includes(person))).toEqual([])
  }
})
