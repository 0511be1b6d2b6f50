import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parley } from '../support/cli.ts'
import { discordDifferences } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'
import { type Front, startFront } from './support/front.ts'

/** Right-to-left text with marks and overrides, and letters made of several code points. */
const RTL = 'שלום \u202Eevil\u202C مرحبا \u200F👩‍👩‍👧‍👦 e\u0301 \uFEFF'
const SQL = `'; DROP TABLE discord.messages; -- $1 \\' "x" %s {} NULL`
const HTML = `<script>alert("1")</script><img src=x onerror='a&b'>&lt;&#0;&nbsp;`
/** 2^53 + 1, the first whole number that a double cannot hold. */
const BIG = '9007199254740993'
const LONG = 'long '.repeat(2_000)
const text = (value: string) => JSON.stringify(value)

/** Name of the case -> members of the message's JSON, letter for letter. */
const CASES: Record<string, string> = {
  nul: '"content":"a\\u0000b"',
  surrogates: '"content":"\\ud800x\\udc00","components":[{"\\ud800":"a\\u0000"}]',
  rtl: `"content":${text(RTL)}`,
  sql: `"content":${text(SQL)},"author":{"id":${text(SQL)},"username":${text(SQL)}}`,
  html: `"content":${text(HTML)}`,
  long: `"content":${text(LONG)}`,
  proto:
    '"__proto__":{"content":"polluted"},"constructor":{"prototype":{"content":"polluted"}},"author":{"__proto__":{"username":"polluted"}},"call":{"__proto__":{"a":1},"toString":null}',
  doubled_keys: '"content":"first","content":"second","author":{"id":"1"},"author":{"username":"second"}',
  big_number: `"call":{"big":${BIG}},"flags":${BIG},"nonce":${BIG},"embeds":[{"flags":${BIG},"color":${BIG}}]`,
  reactions: `"reactions":[${Array.from({ length: 20 }, (_, n) => `{"emoji":{"id":null,"name":"${String.fromCodePoint(0x1f600 + n)}"},"count":${n + 1},"count_details":{"burst":0,"normal":${n + 1}},"burst_colors":[],"me":false}`).join(',')}]`,
  nameless_emoji:
    '"reactions":[{"emoji":{"id":"77","name":null},"count":2},{"emoji":{"id":null,"name":"⛷🏼"},"count":3}]',
  odd_reactions: '"reactions":[null,5,"x",{"emoji":null,"count":"many"}]',
  odd_attachments: `"attachments":[{"id":"1","size":"large","filename":7},{"filename":"no id"},null]`,
  unknown_type: '"type":9999,"content":"","flags":1073741824',
  new_members: '"shiny":{"brand":"new"},"content":"kept"',
  wrong_types:
    '"content":{"a":1},"author":[1],"embeds":{"0":{}},"mentions":"[]","pinned":"yes","type":"zero","timestamp":"yesterday","edited_timestamp":5,"attachments":{},"reactions":7,"nonce":{"a":1},"poll":3,"message_reference":[]',
  nulls:
    '"content":null,"author":null,"embeds":null,"mentions":null,"type":null,"timestamp":null,"attachments":null,"reactions":null,"thread":null,"poll":null,"message_snapshots":null,"components":null',
}
/** Rows that can have no place in the table, with the code they are kept aside under. */
const ASIDE: [row: string, code: string][] = [
  ['null', 'not_an_object'],
  ['"text"', 'not_an_object'],
  ['[[1]]', 'not_an_object'],
  [BIG, 'not_an_object'],
  ['{"content":"no id"}', 'key_missing'],
  ['{"id":null}', 'key_missing'],
  ['{"id":{"a":1}}', 'key_misfit'],
  ['{"id":"a\\u0000b"}', 'key_misfit'],
]

let world: DiscordWorld
let front: Front
let rows: Map<string, Record<string, unknown>>
let reactions: Record<string, unknown>[]
let quarantined: { code: string; row: string }[]
/** Case -> id. Between the messages that the channel has, so that pages go on behind them. */
const ids = new Map<string, string>()

beforeAll(async () => {
  const size = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 40, threadsPerChannel: 1, forums: 0, members: 5 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  const { simulator, database } = world
  const [oldest] = [...simulator.truth.messages()]
  for (const name of Object.keys(CASES)) ids.set(name, String(BigInt(oldest!.id) + BigInt(ids.size + 1)))
  const lines = [
    ...Object.entries(CASES).map(([name, members]) => `{"id":"${ids.get(name)}",${members}}`),
    ...ASIDE.map(([row]) => row),
  ]
  const asks = new RegExp(`/channels/${oldest!.channel_id}/messages\\?.*after=(\\d+)`)
  front = await startFront(world, {
    // Every page that begins before the oldest message of the channel brings them.
    rewrite: (answer, { url = '' }) => {
      const [, after] = asks.exec(url) ?? []
      const isFirst = after !== undefined && BigInt(after) < BigInt(oldest!.id)
      return isFirst ? answer.replace(/^\[/, `[${lines.join(',')},`) : answer
    },
  })
  simulator.mutate.newChannel({ type: 99, name: 'of a kind to come' })
  const args = world.command({ discord_base_url: front.origin }, { include_raw: true, include_reaction_users: true })
  const run = await parley(['sync', ...args, '--output', 'json', '--progress', 'none'])
  expect(run.code, run.stderr).toBe(0)
  const all = await query(database, 'SELECT * REPLACE ("timestamp"::VARCHAR AS "timestamp") FROM discord.messages')
  rows = new Map(all.map((row) => [row.id as string, row]))
  reactions = await query(database, 'SELECT * FROM discord.message_reactions')
  quarantined = await query(database, `SELECT code, "row" FROM parley.quarantine WHERE job = 'discord.messages'`)
}, 120_000)
afterAll(async () => {
  await front.close()
  await world.close()
})

const row = (name: string) => rows.get(ids.get(name)!)!
const rescued = (name: string) => JSON.parse(String(row(name)._rescued_data ?? '{}'))
const reactionsOf = (name: string) => reactions.filter(({ message_id }) => message_id === ids.get(name))

describe('hostile content through the whole command', () => {
  it('U+0000 and lone surrogates are U+FFFD; what was sent is in _rescued_data', () => {
    expect(row('nul').content).toBe('a\uFFFDb')
    expect(rescued('nul')).toEqual({ content: { code: 'replaced_characters', value: 'a\0b' } })
    expect(row('surrogates')).toMatchObject({ content: '\uFFFDx\uFFFD', components: '[{"\uFFFD":"a\uFFFD"}]' })
    expect(rescued('surrogates').content).toEqual({ code: 'replaced_characters', value: '\ud800x\udc00' })
  })

  it('writing of any direction, SQL, HTML and text of any length are text like any other', () => {
    expect(row('rtl').content).toBe(RTL)
    expect(row('sql')).toMatchObject({ content: SQL, author: { id: SQL, username: SQL } })
    expect(row('html').content).toBe(HTML)
    expect(row('long').content).toBe(LONG)
    for (const name of ['rtl', 'sql', 'html', 'long']) expect(row(name)._rescued_data).toBeNull()
  })

  it('__proto__ and constructor are members of no meaning, and change no other row', () => {
    expect(row('proto')).toMatchObject({ content: null, author: { username: null }, _rescued_data: null })
    expect(row('proto').call).toBe('{"__proto__":{"a":1},"toString":null}')
    expect([...rows.values()].filter(({ content }) => content === 'polluted')).toEqual([])
  })

  it('of a member that comes twice the last one counts, whole', () => {
    expect(row('doubled_keys')).toMatchObject({ content: 'second', author: { id: null, username: 'second' } })
  })

  it('2^53 + 1 keeps its last digit: in JSON, in text and in 64 bits; rescued where it does not fit', () => {
    expect(row('big_number')).toMatchObject({ call: `{"big":${BIG}}`, nonce: BIG, flags: null })
    expect(row('big_number').embeds).toMatchObject([{ flags: BIG, color: null }])
    expect(String(row('big_number')._rescued_data)).toContain(`"flags":{"code":"out_of_range","value":${BIG}}`)
  })

  it('20 reactions are 20 rows; one without a name, and one that is not listed, are rows without users', () => {
    expect(
      reactionsOf('reactions')
        .map(({ count }) => count)
        .toSorted(),
    ).toEqual(Array.from({ length: 20 }, (_, n) => n + 1).toSorted())
    expect(reactionsOf('nameless_emoji').map(({ emoji_key, count, users }) => [emoji_key, count, users])).toEqual(
      expect.arrayContaining([
        ['77', 2, null],
        ['⛷🏼', 3, null],
      ]),
    )
  })

  it('types that nobody knows yet are kept, and so are members that nobody knows', async () => {
    expect(await query(world.database, 'SELECT name FROM discord.channels WHERE type = 99')).toEqual([
      { name: 'of a kind to come' },
    ])
    expect(row('unknown_type')).toMatchObject({ type: 9999, flags: 1_073_741_824, _rescued_data: null })
    expect(row('new_members')).toMatchObject({ content: 'kept', _rescued_data: null })
    expect(String(row('new_members')._raw)).toContain('"shiny":{"brand":"new"}')
  })

  it('values of other types are null in their place, and rescued with their path', () => {
    expect(rescued('wrong_types')).toMatchObject({
      content: { code: 'not_text', value: { a: 1 } },
      author: { code: 'not_an_object', value: [1] },
      embeds: { code: 'not_a_list', value: { 0: {} } },
      mentions: { code: 'not_a_list', value: '[]' },
      pinned: { value: 'yes' },
      type: { value: 'zero' },
      timestamp: { code: 'not_a_timestamp', value: 'yesterday' },
      edited_timestamp: { code: 'not_a_timestamp', value: '5' },
      poll: { code: 'not_an_object', value: 3 },
      message_reference: { code: 'not_an_object', value: [] },
    })
    expect(row('wrong_types').nonce).toBe('{"a":1}')
    expect(row('nulls')).toMatchObject({ content: null, author: null, type: null, _rescued_data: null })
    const odd = reactionsOf('odd_reactions')
    expect(odd.map(({ emoji_key, count }) => [emoji_key, count])).toEqual([['', null]])
  })

  it('rows without a usable key are kept aside with their JSON', () => {
    const codes = ASIDE.map(([, code]) => code).toSorted()
    expect(quarantined.map(({ code }) => code).toSorted()).toEqual(codes)
    expect(quarantined.some(({ row: kept }) => kept.includes('no id'))).toBe(true)
  })

  it('and nothing else suffers: every other message is as it was, also after the next sync', async () => {
    const { database, simulator } = world
    const found = await discordDifferences(database, simulator)
    expect(Object.values(found).flatMap(({ missing, doubled }) => [...missing, doubled])).toEqual([0, 0, 0])
    world.pass(2_000)
    const args = world.command({ discord_base_url: front.origin }, { include_raw: true })
    const run = await parley(['sync', ...args, '--output', 'json', '--progress', 'none'])
    expect(run.code, run.stderr).toBe(0)
    const [marked] = await query(
      database,
      'SELECT count(*)::INTEGER AS n FROM discord.messages WHERE deleted_at IS NOT NULL',
    )
    expect(marked).toEqual({ n: 0 })
    expect(changedRows(JSON.parse(run.stdout))).toBe(0)
  })
})
