import { describe, expect, test } from 'vitest'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'

const tableOf = (name: string) =>
  defineTable({
    name,
    description: name,
    primaryKeys: ['house', 'id'],
    ingestionType: 'cdc',
    schema: struct({ id: text(), house: text().added(), title: text() }),
  })
const rooms = tableOf('rooms')
const doors = tableOf('doors')
const encodersFor = (...tables: string[]) =>
  new PageEncoders([rooms, doors], { tables: new Set(tables), options: { include_raw: false } })

describe('PageEncoders', () => {
  test('yield the rows of a page by table, and begin anew', () => {
    const encoders = encodersFor('rooms', 'doors')
    encoders.add('rooms', { id: 'a' }, { house: 'h' })
    encoders.add('doors', { id: 'b' }, { house: 'h' })
    const { rows } = encoders.page()
    expect([...rows].map(([table, batches]) => [table, batches.map(({ numRows }) => numRows)])).toEqual([
      ['rooms', [1]],
      ['doors', [1]],
    ])
    expect(encoders.page()).toEqual({ rows: new Map(), rejected: [], rescued: new Map() })
  })

  test('leave out what nobody wants', () => {
    const encoders = encodersFor('rooms')
    encoders.add('doors', { id: 'b' }, { house: 'h' })
    encoders.add('doors', 'no row', { house: 'h' })
    encoders.reject('doors', { id: 'b' }, { code: 'PARLEY_ROW_REMOVED', message: '' })
    expect(encoders.page()).toEqual({ rows: new Map(), rejected: [], rescued: new Map() })
  })

  test('keep rows apart that are none, and count what did not fit', () => {
    const encoders = encodersFor('rooms')
    encoders.add('rooms', { id: 'a', title: 1 }, { house: 'h' })
    encoders.add('rooms', { title: 'x' }, { house: 'h' })
    encoders.reject('rooms', { id: 'c' }, { code: 'PARLEY_ROW_REMOVED', message: 'Gone.' })
    const { rescued, rejected } = encoders.page()
    expect(rescued).toEqual(new Map([['rooms', 1]]))
    expect(rejected).toMatchObject([
      { table: 'rooms', code: 'key_missing', row: '{"title":"x","house":"h"}' },
      { table: 'rooms', code: 'PARLEY_ROW_REMOVED', message: 'Gone.', row: '{"id":"c"}' },
    ])
  })

  test('close a batch at 5,000 rows', () => {
    const encoders = encodersFor('rooms')
    for (let i = 0; i < 5_001; i++) encoders.add('rooms', { id: String(i) }, { house: 'h' })
    expect(
      encoders
        .page()
        .rows.get('rooms')
        ?.map(({ numRows }) => numRows),
    ).toEqual([5_000, 1])
  })

  test('keep the JSON with include_raw', () => {
    const encoders = new PageEncoders([rooms], { tables: new Set(['rooms']), options: { include_raw: true } })
    encoders.add('rooms', { id: 'a', other: 1 }, { house: 'h' })
    expect(encoders.page().rows.get('rooms')?.[0]?.getChild('_raw')?.get(0)).toBe('{"id":"a","other":1}')
  })
})
