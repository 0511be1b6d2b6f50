import { RecordBatch, Schema, Table, tableFromIPC, tableToIPC } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boolean, float64, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import { contentHashes } from '../../../libs/schema/content_hash.ts'
import { firstRows } from '../../../libs/schema/first_rows.ts'
import { anyTable } from './arbitraries.ts'
import { plainRows } from './plain_rows.ts'
import { encode } from './support.ts'

/** What a row is, with −0 as 0. */
function identity(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_, value) =>
    typeof value === 'bigint' ? `${value}n` : Array.isArray(value) ? ['list', ...value] : value,
  )
}

const hashesOf = (schema: Parameters<typeof encode>[0], rows: unknown[], columns = Object.keys(schema.fields)) =>
  contentHashes(encode(schema, rows), columns)

describe('contentHashes', () => {
  it('are 32 lower-case hex digits, the same on every machine and in every release', () => {
    const schema = struct({
      id: text(),
      at: timestamp(),
      on: boolean(),
      x: float64(),
      tags: list(struct({ name: text() })),
    })
    const row = { id: 'größe', at: '2026-01-31T08:00:00.000001Z', on: true, x: -1.5, tags: [{ name: 'a' }, null] }
    expect(hashesOf(schema, [row, {}])).toEqual([
      '9d5e4e568fd1e3ae24d82167a7b9d04b',
      '8855508aade16ec573d21e6a485dfd0a',
    ])
  })

  it('are equal for equal rows, and for no others, however the rows are batched', () => {
    fc.assert(
      fc.property(anyTable, fc.nat(), fc.nat(), ({ schema, rows }, a, b) => {
        const columns = Object.keys(schema.fields)
        const given = [...rows, ...rows].map((row) => row.given)
        const whole = encode(schema, given)
        const hashes = contentHashes(whole, columns)
        // Equal <-> equal.
        const known = new Map<string, string>()
        for (const [i, { _rescued_data, ...row }] of plainRows(whole).entries()) {
          const key = identity(row)
          expect(hashes[i]).toBe(known.get(key) ?? hashes[i])
          known.set(key, hashes[i]!)
        }
        expect(new Set(known.values()).size).toBe(known.size)
        // One by one, sliced, and read back.
        expect(given.flatMap((row) => contentHashes(encode(schema, [row]), columns))).toEqual(hashes)
        const [from, to] = [a % (given.length + 1), b % (given.length + 1)].sort((x, y) => x - y) as [number, number]
        expect(contentHashes(whole.slice(from, to), columns)).toEqual(hashes.slice(from, to))
        expect(contentHashes(whole.slice(from, to).slice(1), columns)).toEqual(hashes.slice(from, to).slice(1))
        const read = tableFromIPC(tableToIPC(new Table(firstRows(whole, to)))).batches
        expect(read.flatMap((batch) => contentHashes(batch, columns))).toEqual(hashes.slice(0, to))
      }),
      { numRuns: 200 },
    )
  })

  it('cover the named columns only, in the given order', () => {
    const schema = struct({ a: text(), b: text() })
    const [first, second] = hashesOf(
      schema,
      [
        { a: 'x', b: 'y' },
        { a: 'x', b: 'z' },
      ],
      ['a'],
    )
    expect(first).toBe(second)
    expect(hashesOf(schema, [{ a: 'x', b: 'y' }], ['b', 'a'])).not.toEqual(
      hashesOf(schema, [{ a: 'x', b: 'y' }], ['a', 'b']),
    )
  })

  it.each([
    ['null and empty text', { a: null }, { a: '' }],
    ['text that moves to the next column', { a: 'xy', b: '' }, { a: 'x', b: 'y' }],
    ['null list and empty list', { l: null }, { l: [] }],
    ['empty list and list of null', { l: [] }, { l: [null] }],
    ['where a list ends', { l: ['a'], m: ['b'] }, { l: ['a', 'b'], m: [] }],
    ['null struct and struct of nulls', { s: null }, { s: {} }],
  ])('tell apart %s', (_, one, other) => {
    const schema = struct({ a: text(), b: text(), l: list(text()), m: list(text()), s: struct({ x: text() }) })
    const [first, second] = hashesOf(schema, [one, other])
    expect(first).not.toBe(second)
  })

  it('take −0 and 0 for equal', () => {
    const [first, second] = hashesOf(struct({ x: float64() }), [{ x: 0 }, { x: -0 }])
    expect(first).toBe(second)
  })

  it('refuse a column that is not there, and a type that is not ours', () => {
    expect(() => hashesOf(struct({ a: text() }), [{}], ['b'])).toThrow('The batch has no column b.')
    expect(() => contentHashes(new RecordBatch(new Schema([])), ['b'])).toThrow(TypeError)
  })

  describe('with the declared types', () => {
    const typed = (schema: Parameters<typeof encode>[0], rows: unknown[]) =>
      contentHashes(encode(schema, rows), Object.keys(schema.fields), schema.fields)

    it('change not by one bit where nothing is volatile', () => {
      fc.assert(
        fc.property(anyTable, ({ schema, rows }) => {
          const given = rows.map((row) => row.given)
          expect(typed(schema, given)).toEqual(hashesOf(schema, given))
        }),
        { numRuns: 100 },
      )
    })

    const fields = (changing: ReturnType<typeof text>) => ({
      id: text(),
      url: changing,
      author: struct({ id: text(), icon: changing }),
      files: list(struct({ url: changing, id: text(), sizes: list(changing) })),
    })
    const row = (mark: string, id = 'a', sizes = 2) => ({
      id: 'm',
      url: `u${mark}`,
      author: { id: 'p', icon: mark === '' ? null : mark },
      files: [{ url: mark, id, sizes: new Array(sizes).fill(mark) }, null],
    })

    it('pass over what is volatile at any depth, and over nothing else', () => {
      const schema = struct(fields(text().volatile()))
      const [one, other, changed, longer] = typed(schema, [row('1'), row(''), row('1', 'b'), row('1', 'a', 3)])
      expect(other).toBe(one)
      expect(new Set([one, changed, longer]).size).toBe(3)
      expect(new Set(hashesOf(schema, [row('1'), row('')])).size).toBe(2)
    })

    it('are those of the table without what is volatile', () => {
      const with_ = struct({
        id: text(),
        url: text().volatile(),
        author: struct({ icon: text().volatile(), id: text() }),
      })
      const without = struct({ id: text(), author: struct({ id: text() }) })
      expect(typed(with_, [row('1')])).toEqual(typed(without, [row('1')]))
    })

    it('take a field for what it is, though its name is that of an inherited one', () => {
      const schema = struct({ constructor: struct({ toString: text().volatile(), valueOf: text() }) })
      const rows = [{ constructor: { toString: 'a' } }, { constructor: { toString: 'b' } }]
      expect(new Set(typed(schema, rows)).size).toBe(1)
    })
  })
})
