import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, json, list, RowEncoder, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { anyTable } from '../schema/arbitraries.ts'
import { plainRows } from '../schema/plain_rows.ts'

const anonymizer = new Anonymizer('a key of enough characters')
const h = (text: string) => anonymizer.hash(text)

const notes = defineTable({
  name: 'notes',
  description: '',
  primaryKeys: ['room', 'author_id'],
  ingestionType: 'cdc',
  schema: struct({
    author_id: text().personal(),
    room: text().added(),
    reader: text().added().personal(),
    author: struct({ id: text().personal(), name: text().personal(), kind: text() }),
    tags: list(text().personal()),
    content: text().personal({ inside: /@(\w+)/g }),
    detail: json().personal(['id']),
    open: json(),
    title: text(),
    at: timestamp(),
    on: boolean(),
    n: int32(),
    constructor: text().personal(),
    to: text().personal({ unless: { n: 2 } }),
  }),
})

function encode(rows: unknown[], added = { room: 'r', reader: 'Ada' }) {
  const { schema, primaryKeys, name: table } = notes
  const encoder = new RowEncoder(schema, { table, primaryKeys, anonymizer })
  const rejected = rows.map((row) => encoder.append(row, added))
  const { rescued } = encoder
  return { rows: plainRows(encoder.finish()), rejected: rejected.filter((one) => one !== null), rescued }
}

describe('rows of a connection with anonymize', () => {
  it('have hashes in the place of what is personal, and nothing else changed', () => {
    const given = {
      author_id: 'u1',
      author: { id: 'u1', name: 'Ada', kind: 'human', secret: 'Ada' },
      tags: ['Ada', null, ''],
      content: 'Hello @Ada',
      detail: { id: 'u1', x: { id: 5 } },
      open: { id: 'kept' },
      title: 'Ada',
      on: true,
      n: 1,
    }
    const before = structuredClone(given)
    const { rows, rescued } = encode([given])
    expect(rows).toMatchObject([
      {
        author_id: h('u1'),
        room: 'r',
        reader: h('Ada'),
        author: { id: h('u1'), name: h('Ada'), kind: 'human' },
        tags: [h('Ada'), null, ''],
        content: `Hello @${h('Ada')}`,
        detail: JSON.stringify({ id: h('u1'), x: { id: h('5') } }),
        open: '{"id":"kept"}',
        title: 'Ada',
        on: true,
        n: 1,
        constructor: null,
        _rescued_data: null,
      },
    ])
    expect(rescued).toBe(0)
    expect(given).toEqual(before)
  })

  it('keep what is personal only beside another value, and as it came: a value of no use goes on to be set aside', () => {
    const [room, person, odd] = encode([
      { author_id: 'u1', to: 'r1', n: 2 },
      { author_id: 'u1', to: 'u2' },
      { author_id: 'u1', to: { name: 'Ada' }, n: 2 },
    ]).rows
    expect([room!.to, person!.to, odd!.to]).toEqual(['r1', h('u2'), null])
    expect(JSON.parse(String(odd!._rescued_data))).toEqual({
      to: { code: 'not_text', value: { anonymized: h('{"name":"Ada"}') } },
    })
  })

  it('take a number as a key for the text it is', () => {
    expect(encode([{ author_id: 17 }]).rows[0]!.author_id).toBe(h('17'))
  })

  it('set the same values aside, without what they say', () => {
    const { rows, rescued } = encode([
      {
        author_id: 'u1',
        author: 'Ada',
        tags: { name: 'Ada' },
        content: 4711,
        title: { name: 'Ada' },
        at: ['Ada'],
        n: 'many',
        constructor: true,
      },
      { author_id: 'u2', author: { id: 4711, kind: { name: 'Ada' } }, tags: new Array(150).fill(4711) },
    ])
    const [one, two] = rows.map((row) => JSON.parse(String(row._rescued_data)))
    expect(one).toEqual({
      author: { code: 'not_an_object', value: h('"Ada"') },
      tags: { code: 'not_a_list', value: h('{"name":"Ada"}') },
      content: { code: 'not_text', value: { anonymized: h('4711') } },
      title: { code: 'not_text', value: { anonymized: h('{"name":"Ada"}') } },
      at: { code: 'not_a_timestamp', value: { anonymized: h('["Ada"]') } },
      n: { code: 'not_a_number', value: 'many' },
      constructor: { code: 'not_text', value: { anonymized: h('true') } },
    })
    expect(two['author.id']).toEqual({ code: 'not_text', value: { anonymized: h('4711') } })
    expect(two.tags.code).toBe('more_misfits')
    expect(JSON.stringify([one, two])).not.toMatch(/Ada|4711/)
    expect(rescued).toBeGreaterThan(8)
  })

  it('keep rows without a key aside, without what is personal or not declared', () => {
    const { rejected } = encode([
      { author: { name: 'Ada' }, contact: 'Ada', title: 'x' },
      'Ada',
      { author_id: { name: 'Ada' } },
    ])
    expect(rejected.map(({ code, row }) => [code, JSON.parse(row)])).toEqual([
      ['key_missing', { author: { name: h('Ada') }, title: 'x', room: 'r', reader: h('Ada') }],
      ['not_an_object', h('"Ada"')],
      ['key_misfit', { author_id: { anonymized: h('{"name":"Ada"}') }, room: 'r', reader: h('Ada') }],
    ])
  })

  it('that a source keeps aside itself hold nothing personal either', () => {
    const request = { tables: new Set(['notes']), options: {}, anonymizer }
    const encoders = new PageEncoders([notes], request)
    encoders.reject(
      'notes',
      { author_id: 'u1', '@removed': { by: 'Ada' } },
      { code: 'PARLEY_ROW_REMOVED', message: '' },
    )
    expect(encoders.page().rejected?.map(({ row }) => row)).toEqual([JSON.stringify({ author_id: h('u1') })])
    const options = { include_raw: true }
    expect(() => new PageEncoders([notes], { ...request, options })).toThrow(
      expect.objectContaining({ code: 'PARLEY_ANONYMIZE_RAW' }),
    )
  })

  it('of a table without personal columns are the same rows; as many values are set aside', () => {
    fc.assert(
      fc.property(anyTable, ({ schema, rows }) => {
        const [on, off] = [{ anonymizer }, {}].map((more) => {
          const encoder = new RowEncoder(schema, { table: 't', primaryKeys: [], ...more })
          for (const { given } of rows) encoder.append(given)
          const { rescued } = encoder
          const plain = plainRows(encoder.finish()).map(({ _rescued_data, ...row }) => row)
          return { rescued, plain }
        })
        expect(on).toEqual(off)
      }),
      { numRuns: 100 },
    )
  })
})
