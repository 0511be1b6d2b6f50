import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boolean, int64, json, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import { rejectionCodes } from '../../../libs/schema/rejection.ts'
import { rescueCodes } from '../../../libs/schema/rescue_code.ts'
import { RowEncoder } from '../../../libs/schema/row_encoder.ts'
import type { StructType } from '../../../libs/schema/types.ts'
import { plainRows } from './plain_rows.ts'
import { encode } from './support.ts'

const message = struct({
  id: text(),
  createdDateTime: timestamp(),
  from: struct({ user: struct({ id: text(), guest: boolean() }) }),
  mentions: list(struct({ id: int64(), tags: list(text()) })),
})

/** Rows with their `_rescued_data` parsed. */
function rescue(
  schema: StructType,
  rows: readonly unknown[],
): { row: Record<string, unknown>; rescued: Record<string, unknown> | null }[] {
  return plainRows(encode(schema, rows)).map(({ _rescued_data, ...row }) => ({
    row,
    rescued: _rescued_data === null ? null : JSON.parse(_rescued_data as string),
  }))
}

describe('_rescued_data', () => {
  it('names the path, and only the misfitting leaf is null', () => {
    const [result] = rescue(message, [
      {
        id: '1',
        createdDateTime: '2021-13-45',
        from: { user: { id: 7, guest: true } },
        mentions: [{ id: '1' }, 'nobody', null, { id: '9223372036854775808', tags: ['a', 2] }],
      },
    ])
    expect(result!.row).toEqual({
      id: '1',
      createdDateTime: null,
      from: { user: { id: null, guest: true } },
      mentions: [{ id: 1n, tags: null }, null, null, { id: null, tags: ['a', null] }],
    })
    expect(result!.rescued).toEqual({
      createdDateTime: { code: 'not_a_timestamp', value: '2021-13-45' },
      'from.user.id': { code: 'not_text', value: 7 },
      'mentions[1]': { code: 'not_an_object', value: 'nobody' },
      'mentions[3].id': { code: 'out_of_range', value: '9223372036854775808' },
      'mentions[3].tags[1]': { code: 'not_text', value: 2 },
    })
  })

  it('is null for rows in which everything fits, and right again in the next batch', () => {
    const encoder = new RowEncoder(message, { table: 'm', primaryKeys: [] })
    const rescuedOf = (ids: unknown[]) => {
      for (const id of ids) encoder.append({ id })
      return plainRows(encoder.finish()).map((row) => row._rescued_data)
    }
    expect(rescuedOf(['1', 2, '3', 4])).toEqual([
      null,
      '{"id":{"code":"not_text","value":2}}',
      null,
      '{"id":{"code":"not_text","value":4}}',
    ])
    expect(rescuedOf([5, '6'])).toEqual(['{"id":{"code":"not_text","value":5}}', null])
  })

  it('counts values, since the last finish', () => {
    const encoder = new RowEncoder(message, { table: 'm', primaryKeys: [] })
    encoder.append({ id: 1, createdDateTime: 'x' })
    encoder.append({ id: 'a\0', mentions: [{ tags: [1, '\ud800'] }] })
    expect(encoder.rescued).toBe(5)
    encoder.finish()
    expect(encoder.rescued).toBe(0)
  })

  it('finds halves of one character in neighbouring values', () => {
    const results = rescue(struct({ id: text() }), [
      { id: 'a\ud83c' },
      { id: '\udf89b' },
      { id: null },
      { id: '🎉' },
      { id: 'x\0' },
    ])
    expect(results.map(({ row }) => row.id)).toEqual(['a\uFFFD', '\uFFFDb', null, '🎉', 'x\uFFFD'])
    expect(results.map(({ rescued }) => rescued?.id)).toEqual([
      { code: 'replaced_characters', value: 'a\ud83c' },
      { code: 'replaced_characters', value: '\udf89b' },
      undefined,
      undefined,
      { code: 'replaced_characters', value: 'x\0' },
    ])
  })

  it('keeps replaced characters as escapes, so that any reader can hold the column', () => {
    const [row] = plainRows(encode(struct({ id: text() }), [{ id: '\0\ud800' }]))
    expect(row!._rescued_data).toBe('{"id":{"code":"replaced_characters","value":"\\u0000\\ud800"}}')
  })

  it('places what it finds late in lists of lists', () => {
    const schema = struct({ x: list(list(text())) })
    const results = rescue(schema, [
      { x: [] },
      { x: [[], ['a', 'b\0'], null] },
      { x: null },
      { x: [[], [], ['\ud800']] },
    ])
    expect(results.map(({ rescued }) => rescued && Object.keys(rescued))).toEqual([
      null,
      ['x[1][1]'],
      null,
      ['x[2][0]'],
    ])
  })

  it('writes names that would be ambiguous in brackets', () => {
    const schema = struct({ 'a.b': text(), a: struct({ b: text(), 'c]': list(text()) }) })
    const [result] = rescue(schema, [{ 'a.b': 1, a: { b: 2, 'c]': [3] } }])
    expect(Object.keys(result!.rescued!)).toEqual(['["a.b"]', 'a.b', 'a["c]"][0]'])
  })

  it('keeps a column whole once, where most of a long list does not fit', () => {
    const schema = struct({ tags: list(text()), links: list(struct({ url: text() })) })
    const tags = Array.from({ length: 5000 }, (_, i) => (i % 2 ? i : 'fits'))
    const [first, second] = rescue(schema, [{ tags, links: [{ url: 1 }] }, { tags: [1] }])
    const codes = Object.values(first!.rescued!).map((entry) => (entry as { code: string }).code)
    expect(codes.filter((code) => code === 'not_text')).toHaveLength(100)
    expect(first!.rescued!.tags).toEqual({ code: 'more_misfits', value: tags })
    expect(first!.rescued!.links).toEqual({ code: 'more_misfits', value: [{ url: 1 }] })
    expect((first!.row.tags as string[]).filter((tag) => tag === 'fits')).toHaveLength(2500)
    expect(second!.rescued).toEqual({ 'tags[0]': { code: 'not_text', value: 1 } })
  })

  it('keeps every replaced text, however many', () => {
    const tags = Array.from({ length: 300 }, (_, i) => `${i}\0`)
    const [result] = rescue(struct({ tags: list(text()) }), [{ tags }])
    expect(Object.keys(result!.rescued!)).toHaveLength(300)
    expect(result!.rescued!['tags[299]']).toEqual({ code: 'replaced_characters', value: '299\0' })
  })

  it('does not read inherited properties', () => {
    const schema = struct({ constructor: text(), toString: json(), hasOwnProperty: struct({ valueOf: text() }) })
    const polluted = JSON.parse('{"__proto__":{"constructor":"x","hasOwnProperty":{}}}')
    expect(rescue(schema, [{}, polluted])).toEqual([
      { row: { constructor: null, toString: null, hasOwnProperty: null }, rescued: null },
      { row: { constructor: null, toString: null, hasOwnProperty: null }, rescued: null },
    ])
    expect(rescue(schema, [JSON.parse('{"constructor":"own","toString":1}')])[0]!.row).toEqual({
      constructor: 'own',
      toString: '1',
      hasOwnProperty: null,
    })
  })

  it('has a closed list of codes, and the README names them all', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../libs/schema/README.md'), 'utf8')
    const documented = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
    expect(documented).toEqual(Object.keys(rescueCodes))
    for (const code of Object.keys(rejectionCodes)) expect(readme).toContain(`\`${code}\``)
  })
})
