import { describe, expect, it } from 'vitest'
import { toArrowSchema } from '../../../libs/schema/arrow_schema.ts'
import { BatchTooLargeError } from '../../../libs/schema/batch_too_large_error.ts'
import { int64, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import { MAX_OFFSET } from '../../../libs/schema/columns/column.ts'
import { Utf8Buffer } from '../../../libs/schema/columns/utf8_buffer.ts'
import { RowEncoder } from '../../../libs/schema/row_encoder.ts'
import { schemasEqual } from '../../../libs/schema/schemas_equal.ts'
import { plainRows } from './plain_rows.ts'

const replies = struct({
  id: text().required(),
  team_id: text().required().added(),
  note: text().added(),
  createdDateTime: timestamp().required(),
  tags: list(text()),
})
const good = { id: '1', createdDateTime: '2026-01-31T08:00:00Z', tags: ['a', 'b'] }
const added = { team_id: 't' }

const make = (includeRaw = false) =>
  new RowEncoder(replies, { table: 'replies', primaryKeys: ['team_id', 'id'], includeRaw })

describe('rows that are not taken', () => {
  it.each([
    [{ ...good, id: undefined }, added, 'key_missing', 'Primary key id has no value.'],
    [{ ...good, id: null }, added, 'key_missing', 'Primary key id has no value.'],
    [{ ...good, id: 1.5 }, added, 'key_misfit', 'Primary key id: not_text.'],
    [{ ...good, id: 2 ** 53 }, added, 'key_misfit', 'Primary key id: not_text.'],
    [{ ...good, id: { a: 1 } }, added, 'key_misfit', 'Primary key id: not_text.'],
    [good, {}, 'key_missing', 'Primary key team_id has no value.'],
    [{ ...good, team_id: 'not from here' }, {}, 'key_missing', 'Primary key team_id has no value.'],
    [{ ...good, createdDateTime: null }, added, 'required_missing', 'Required column createdDateTime has no value.'],
    [{ ...good, createdDateTime: 'x' }, added, 'required_misfit', 'Required column createdDateTime: not_a_timestamp.'],
    [null, added, 'not_an_object', 'The row is not a JSON object.'],
    ['text', added, 'not_an_object', 'The row is not a JSON object.'],
    [[good], added, 'not_an_object', 'The row is not a JSON object.'],
  ])('%j', (row, extra, code, message) => {
    const encoder = make()
    encoder.append(good, added)
    const bytes = encoder.bytes
    const rejection = encoder.append(row, extra as Record<string, string>)
    expect(rejection).toMatchObject({ table: 'replies', code, message })
    expect(encoder.rows).toBe(1)
    expect(encoder.bytes).toBe(bytes)
    expect(encoder.rescued).toBe(0)
    encoder.append({ ...good, id: '2' }, added)
    expect(plainRows(encoder.finish()).map(({ id, tags }) => ({ id, tags }))).toEqual([
      { id: '1', tags: ['a', 'b'] },
      { id: '2', tags: ['a', 'b'] },
    ])
  })

  it('carries the whole row, added values too', () => {
    const rejection = make().append({ id: null, unknown: { a: '\0' } }, added)
    expect(JSON.parse(rejection!.row)).toEqual({ id: null, unknown: { a: '\0' }, team_id: 't' })
  })

  it('takes safe integers as keys, as their decimal text', () => {
    const encoder = make()
    expect(encoder.append({ ...good, id: 1_700_000_000_000 }, added)).toBeNull()
    expect(encoder.append({ ...good, id: -0 }, added)).toBeNull()
    expect(plainRows(encoder.finish()).map((row) => row.id)).toEqual(['1700000000000', '0'])
  })

  it('takes a key of another type', () => {
    const encoder = new RowEncoder(struct({ id: int64() }), { table: 't', primaryKeys: ['id'] })
    expect(encoder.append({ id: '12' })).toBeNull()
    expect(encoder.append({ id: 'twelve' })!.code).toBe('key_misfit')
  })

  it('refuses a primary key that is no column', () => {
    expect(() => new RowEncoder(replies, { table: 'replies', primaryKeys: ['team'] })).toThrow(
      'Table replies: team is not a column.',
    )
  })
})

describe('added columns', () => {
  it('come from the second argument alone', () => {
    const encoder = make()
    encoder.append({ ...good, note: 'from the API' }, { ...added, note: 'ours', id: 'not taken' })
    encoder.append({ ...good, note: 'from the API' }, added)
    expect(plainRows(encoder.finish()).map(({ id, note }) => [id, note])).toEqual([
      ['1', 'ours'],
      ['1', null],
    ])
  })
})

describe('_raw', () => {
  it('is the text as received, or the source written anew', () => {
    const encoder = make(true)
    encoder.append(good, added, '{ "id" : "1" }')
    encoder.append(good, added)
    expect(plainRows(encoder.finish()).map((row) => row._raw)).toEqual(['{ "id" : "1" }', JSON.stringify(good)])
  })
})

describe('batches', () => {
  it('have the schema of the declaration', () => {
    for (const includeRaw of [false, true]) {
      const encoder = make(includeRaw)
      encoder.append(good, added)
      expect(schemasEqual(encoder.finish().schema, toArrowSchema(replies, { includeRaw }))).toBe(true)
      expect(encoder.finish().numRows).toBe(0)
    }
  })

  it('stay as they are when the encoder goes on', () => {
    const encoder = make()
    const batches = ['first', 'second', 'third'].map((id) => {
      for (let i = 0; i < 100; i++) encoder.append({ ...good, id: `${id} ${i}`, tags: Array(i % 5).fill(id) }, added)
      return encoder.finish()
    })
    expect(batches.map((batch) => plainRows(batch)[57])).toMatchObject([
      { id: 'first 57', tags: ['first', 'first'] },
      { id: 'second 57', tags: ['second', 'second'] },
      { id: 'third 57', tags: ['third', 'third'] },
    ])
  })

  it('are full at 5,000 rows', () => {
    const encoder = make()
    for (let i = 0; i < 4999; i++) encoder.append(good, added)
    expect(encoder.full).toBe(false)
    encoder.append(good, added)
    expect([encoder.full, encoder.rows]).toEqual([true, 5000])
    encoder.finish()
    expect([encoder.full, encoder.rows, encoder.bytes]).toEqual([false, 0, 0])
  })

  it('are full at 32 MiB, and their bytes are about those of the buffers', () => {
    const encoder = make()
    const tags = ['é'.repeat(500_000)]
    while (!encoder.full) encoder.append({ ...good, tags }, added)
    expect(encoder.rows).toBe(34)
    const bytes = encoder.bytes
    expect(encoder.finish().data.byteLength / bytes).toBeCloseTo(1, 3)
  })

  it('grow from tiny to large and back without mixing up nulls', () => {
    const encoder = new RowEncoder(struct({ id: int64(), body: struct({ text: text() }) }), {
      table: 't',
      primaryKeys: [],
    })
    for (const count of [0, 1, 7, 8, 9, 64, 65, 3000, 3]) {
      for (let i = 0; i < count; i++)
        encoder.append({ id: i % 3 ? i : null, body: i % 5 ? { text: i % 7 ? String(i) : null } : null })
      const rows = plainRows(encoder.finish())
      expect(rows).toHaveLength(count)
      for (const [i, row] of rows.entries()) {
        expect(row.id).toBe(i % 3 ? BigInt(i) : null)
        expect(row.body).toEqual(i % 5 ? { text: i % 7 ? String(i) : null } : null)
      }
    }
  })
})

describe('limits', () => {
  it('stop a text column before its offsets overflow', () => {
    const buffer = new Utf8Buffer()
    expect(() => buffer.write('x', MAX_OFFSET)).toThrow(BatchTooLargeError)
    expect(buffer.write('x', 1)).toBe(1)
  })

  it('leave no half row behind: an encoder that failed within one is of no use', () => {
    const encoder = make()
    encoder.append(good, added)
    const broken = {
      ...good,
      get tags() {
        throw new BatchTooLargeError()
      },
    }
    expect(() => encoder.append(broken, added)).toThrow(BatchTooLargeError)
    expect(() => encoder.append(good, added)).toThrow(BatchTooLargeError)
    expect(() => encoder.finish()).toThrow(BatchTooLargeError)
  })
})
