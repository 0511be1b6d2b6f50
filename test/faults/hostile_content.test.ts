import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { specText, startTenant, type Tenant } from '../support/tenant.ts'
import { type Front, startFront } from './support/front.ts'

const REACTIONS = 10_000
/** Right-to-left text with marks and overrides, and letters made of several code points. */
const RTL = 'שלום \u202Eevil\u202C مرحبا \u200F👩‍👩‍👧‍👦 e\u0301 \uFEFF'
const SQL = `'; DROP TABLE microsoft_teams.messages; -- $1 \\' "x" %s {} NULL`
const HTML = `<script>alert("1")</script><img src=x onerror='a&b'>&lt;&#0;&nbsp;`
/** Deeper than recursion goes. */
const DEEP = '['.repeat(5000) + ']'.repeat(5000)
/** 2^53 + 1, the first whole number that a double cannot hold. */
const BIG = '9007199254740993'

let tenant: Tenant
let front: Front
let result: RunResult
let rows: Map<string, Record<string, unknown>>
let quarantined: { code: string; row: string }[]

/** One message as JSON text; `members` come last, letter for letter. */
function message(id: string, members = '', team = 0): string {
  const { id: teamId, channels } = tenant.simulator.truth.teams()[team]!
  const identity = JSON.stringify({ teamId, channelId: channels[0]!.id })
  const at = '"createdDateTime":"2020-01-01T00:00:00Z","lastModifiedDateTime":"2020-01-01T00:00:00Z"'
  return `{"id":${id},"messageType":"message",${at},"channelIdentity":${identity}${members === '' ? '' : `,${members}`}}`
}

const text = (value: string) => JSON.stringify(value)

/** Name of the case (the message's id) -> members of its JSON. */
const CASES: Record<string, () => string> = {
  nul: () => `"subject":"a\\u0000b","body":{"contentType":"text","content":"\\u0000"}`,
  surrogates: () => `"subject":"\\ud800x\\udc00","eventDetail":{"\\ud800":"a\\u0000"}`,
  rtl: () => `"body":{"content":${text(RTL)}}`,
  sql: () => `"subject":${text(SQL)},"from":{"user":{"id":${text(SQL)},"displayName":${text(SQL)}}}`,
  html: () => `"body":{"contentType":"html","content":${text(HTML)}}`,
  reactions: () =>
    `"reactions":[${Array.from({ length: REACTIONS }, (_, n) => `{"reactionType":"like","createdDateTime":"2020-01-01T00:00:00Z","user":{"user":{"id":"u${n}"}}}`).join(',')}]`,
  proto: () =>
    `"__proto__":{"subject":"polluted","summary":"polluted"},"constructor":{"prototype":{"subject":"polluted"}},"body":{"__proto__":{"content":"polluted"}},"eventDetail":{"__proto__":{"a":1},"toString":null}`,
  doubled_keys: () => `"subject":"first","subject":"second","body":{"content":"first"},"body":{"contentType":"text"}`,
  big_number: () =>
    `"eventDetail":{"big":${BIG},"deep":[{"big":-${BIG}}]},"mentions":[{"id":${BIG},"mentionText":"m"}],"subject":${BIG}`,
  infinite: () => `"eventDetail":{"big":1e999},"mentions":[{"id":1e999}]`,
  year_1: () => `"createdDateTime":"0001-01-01T00:00:00Z","lastEditedDateTime":"0001-01-01T00:00:00+01:00"`,
  year_9999: () => `"createdDateTime":"9999-12-31T23:59:59.9999999Z","deletedDateTime":"9999-12-31T23:59:59-00:01"`,
  stamped_1: () => `"lastModifiedDateTime":"0001-01-01T00:00:00Z"`,
  stamped_9999: () => `"lastModifiedDateTime":"9999-12-31T23:59:59Z"`,
  odd_years: () =>
    `"createdDateTime":"0000-12-31T00:00:00Z","lastEditedDateTime":"10000-01-01T00:00:00Z","deletedDateTime":"+275760-09-13T00:00:00Z"`,
  no_times: () =>
    `"createdDateTime":"2020-02-30T00:00:00Z","lastEditedDateTime":"2020-01-01T00:00:00","deletedDateTime":0`,
  wrong_types: () => `"subject":{"a":1},"body":"text","from":[1],"mentions":{"0":{}},"reactions":"[]","locale":false`,
}
/** Rows that can have no place in the table, with the code they are kept aside under. */
const ASIDE: [string, string][] = [
  ['null', 'not_an_object'],
  ['"text"', 'not_an_object'],
  ['[[1]]', 'not_an_object'],
  [BIG, 'not_an_object'],
  ['{}', 'key_missing'],
]

/** Rows whose id cannot be one. */
const ASIDE_IDS: [string, string][] = [
  ['null', 'key_missing'],
  ['{"a":1}', 'key_misfit'],
  ['{"toString":1,"valueOf":[],"__proto__":null}', 'key_misfit'],
  [BIG, 'key_misfit'],
  ['"a\\u0000b"', 'key_misfit'],
  ['"\\ud800"', 'key_misfit'],
]

beforeAll(async () => {
  tenant = await startTenant({
    dataset: { generated: { teams: 2, channelsPerTeam: 1, messagesPerChannel: 10, days: 5 } },
  })
  const lines = [
    ...Object.entries(CASES).map(([name, members]) => message(text(name), members())),
    message('7', '"subject":"a whole number for an id"'),
    ...ASIDE.map(([row]) => row),
    ...ASIDE_IDS.map(([id]) => message(id)),
  ]
  const deep = message('"deep"', `"eventDetail":${DEEP}`, 1)
  front = await startFront(tenant, {
    // Every walk over the history of the first team brings them with its first page; the second team has the deep one.
    rewrite: (answer, { url = '' }) => {
      if (!/getAllMessages.*gt%201970/.test(url)) return answer
      const added = url.includes(tenant.simulator.truth.teams()[0]!.id) ? lines.join(',') : deep
      return answer.replace('"value":[', `"value":[${added},`)
    },
  })
  tenant.writeSpec(specText({ include_raw: true, read_mode: 'export' }, ['messages']))
  const connection = { ...tenant.simulator.connection, ...front.connection }
  writeFileSync(join(tenant.folder, 'connection.json'), JSON.stringify(connection), { mode: 0o600 })
  const run = await tenant.sync()
  expect(run.code, run.stderr).toBe(0)
  result = run.result
  const database = await openDatabase(tenant.database, { readOnly: true, sleep: async () => {} })
  try {
    const all = await database.connection.runAndReadAll(`SELECT * REPLACE (
      createdDateTime::VARCHAR AS createdDateTime, lastEditedDateTime::VARCHAR AS lastEditedDateTime,
      deletedDateTime::VARCHAR AS deletedDateTime) FROM microsoft_teams.messages`)
    rows = new Map(all.getRowObjectsJson().map((row) => [row.id as string, row as Record<string, unknown>]))
    const aside = await database.connection.runAndReadAll('SELECT code, "row" FROM parley.quarantine')
    quarantined = aside.getRowObjectsJson() as typeof quarantined
  } finally {
    database.close()
  }
}, 60_000)
afterAll(async () => {
  await front.close()
  await tenant.close()
})

const row = (id: string) => rows.get(id)!
const rescued = (id: string) => JSON.parse(String(row(id)._rescued_data ?? '{}'))
const raw = (id: string) => String(row(id)._raw)

describe('hostile content through the whole command', () => {
  it('U+0000 and lone surrogates are U+FFFD; what was sent is in _rescued_data', () => {
    expect(row('nul')).toMatchObject({ subject: 'a\uFFFDb', body: { contentType: 'text', content: '\uFFFD' } })
    expect(rescued('nul')).toEqual({
      subject: { code: 'replaced_characters', value: 'a\0b' },
      'body.content': { code: 'replaced_characters', value: '\0' },
    })
    expect(row('surrogates')).toMatchObject({ subject: '\uFFFDx\uFFFD', eventDetail: '{"\uFFFD":"a\uFFFD"}' })
    expect(rescued('surrogates')).toEqual({
      subject: { code: 'replaced_characters', value: '\ud800x\udc00' },
      eventDetail: { code: 'replaced_characters', value: { '\ud800': 'a\0' } },
    })
    expect(JSON.parse(raw('surrogates')).subject).toBe('\ud800x\udc00')
  })

  it('writing of any direction, SQL and HTML are text like any other', () => {
    expect(row('rtl').body).toMatchObject({ content: RTL })
    expect(row('sql')).toMatchObject({ subject: SQL, from: { user: { id: SQL, displayName: SQL } } })
    expect(row('html').body).toMatchObject({ content: HTML })
    for (const id of ['rtl', 'sql', 'html']) expect(row(id)._rescued_data).toBeNull()
  })

  it('10,000 reactions are 10,000 reactions', () => {
    const reactions = row('reactions').reactions as { user: { user: { id: string } } }[]
    expect(reactions.map(({ user }) => user.user.id)).toEqual(Array.from({ length: REACTIONS }, (_, n) => `u${n}`))
  })

  it('__proto__ and constructor are members of no meaning, and change no other row', () => {
    expect(row('proto')).toMatchObject({ subject: null, summary: null, body: { content: null }, _rescued_data: null })
    expect(row('proto').eventDetail).toBe('{"__proto__":{"a":1},"toString":null}')
    expect(raw('proto')).toContain('"__proto__":{"subject":"polluted","summary":"polluted"}')
    const others = [...rows.values()].filter(({ subject }) => subject === 'polluted')
    expect(others).toEqual([])
  })

  it('of a member that comes twice the last one counts, whole', () => {
    expect(row('doubled_keys')).toMatchObject({ subject: 'second', body: { contentType: 'text', content: null } })
  })

  it('2^53 + 1 keeps its last digit: in JSON as it is, rescued where it does not fit, in _raw', () => {
    expect(row('big_number').eventDetail).toBe(`{"big":${BIG},"deep":[{"big":-${BIG}}]}`)
    expect(row('big_number')).toMatchObject({ subject: null, mentions: [{ id: null, mentionText: 'm' }] })
    expect(row('big_number')._rescued_data).toBe(
      `{"subject":{"code":"not_text","value":${BIG}},"mentions[0].id":{"code":"out_of_range","value":${BIG}}}`,
    )
    expect(raw('big_number')).toContain(`"subject":${BIG}`)
  })

  it('numbers beyond all bounds are not taken for null', () => {
    expect(row('infinite')).toMatchObject({ eventDetail: '{"big":"Infinity"}', mentions: [{ id: null }] })
    expect(rescued('infinite')).toEqual({ 'mentions[0].id': { code: 'out_of_range', value: 'Infinity' } })
  })

  it('the years 0001 and 9999 are kept to the microsecond; what lies beyond is rescued', () => {
    expect(row('year_1')).toMatchObject({
      createdDateTime: expect.stringMatching(/^0001-01-01 00:00:00\+00/),
      lastEditedDateTime: null,
    })
    expect(rescued('year_1')).toEqual({
      lastEditedDateTime: { code: 'out_of_range', value: '0001-01-01T00:00:00+01:00' },
    })
    expect(row('year_9999')).toMatchObject({
      createdDateTime: expect.stringMatching(/^9999-12-31 23:59:59.999999\+00/),
      deletedDateTime: null,
    })
    expect(rescued('year_9999')).toEqual({
      deletedDateTime: { code: 'out_of_range', value: '9999-12-31T23:59:59-00:01' },
    })
    expect(rescued('odd_years')).toEqual({
      createdDateTime: { code: 'out_of_range', value: '0000-12-31T00:00:00Z' },
      lastEditedDateTime: { code: 'not_a_timestamp', value: '10000-01-01T00:00:00Z' },
      deletedDateTime: { code: 'not_a_timestamp', value: '+275760-09-13T00:00:00Z' },
    })
    expect(rescued('no_times')).toEqual({
      createdDateTime: { code: 'not_a_timestamp', value: '2020-02-30T00:00:00Z' },
      lastEditedDateTime: { code: 'no_time_zone', value: '2020-01-01T00:00:00' },
      deletedDateTime: { code: 'not_a_timestamp', value: 0 },
    })
  })

  it('messages that were changed in the years 0001 and 9999 are kept, which no window asks for', () => {
    expect(row('stamped_1').lastModifiedDateTime).toMatch(/^0001-01-01/)
    expect(row('stamped_9999').lastModifiedDateTime).toMatch(/^9999-12-31/)
  })

  it('values of other types are null in their place, and rescued with their path', () => {
    expect(rescued('wrong_types')).toEqual({
      subject: { code: 'not_text', value: { a: 1 } },
      body: { code: 'not_an_object', value: 'text' },
      from: { code: 'not_an_object', value: [1] },
      mentions: { code: 'not_a_list', value: { 0: {} } },
      reactions: { code: 'not_a_list', value: '[]' },
      locale: { code: 'not_text', value: false },
    })
  })

  it('JSON of any depth is kept', () => {
    expect(row('deep').eventDetail).toBe(DEEP)
    expect(raw('deep')).toContain(DEEP)
  })

  it('rows without a usable key are kept aside with their JSON; a whole number is a usable one', () => {
    expect(row('7').subject).toBe('a whole number for an id')
    const expected = [...ASIDE, ...ASIDE_IDS].map(([, code]) => code).sort()
    expect(quarantined.map(({ code }) => code).sort()).toEqual(expected)
    expect(quarantined.some(({ row: kept }) => kept.includes(`"id":${BIG}`))).toBe(true)
    const [messages] = result.tables
    expect(messages!.quarantined).toBe(ASIDE.length + ASIDE_IDS.length)
  })

  it('and nothing else suffers: every other message is as it was', () => {
    for (const { json } of tenant.simulator.truth.messages()) {
      if (json.replyToId === null)
        expect(row(json.id as string).body).toMatchObject({ content: (json.body as { content: string }).content })
    }
    expect(rows.size).toBe(
      Object.keys(CASES).length +
        2 +
        [...tenant.simulator.truth.messages()].filter(({ json }) => json.replyToId === null).length,
    )
  })
})
