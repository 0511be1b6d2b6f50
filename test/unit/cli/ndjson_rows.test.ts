import type { RecordBatch } from 'apache-arrow'
import { expect, test } from 'vitest'
import {
  boolean,
  float64,
  int32,
  int64,
  json,
  list,
  RowEncoder,
  struct,
  text,
  timestamp,
} from '../../../libs/schema/index.ts'
import { jsonRows } from '../../../pipeline/cli/ndjson_rows.ts'

const schema = struct({
  id: text().required(),
  at: timestamp(),
  open: json(),
  flag: boolean(),
  small: int32(),
  big: int64(),
  real: float64(),
  who: struct({ name: text(), since: timestamp(), tags: list(text()) }),
  edits: list(struct({ at: timestamp(), by: struct({ name: text() }) })),
})

function encode(rows: object[]): RecordBatch {
  const encoder = new RowEncoder(schema, { table: 't', primaryKeys: ['id'] })
  for (const row of rows) encoder.append(row)
  return encoder.finish()
}

const nothing = {
  at: null,
  open: null,
  flag: null,
  small: null,
  big: null,
  real: null,
  who: null,
  edits: null,
  _rescued_data: null,
}

test('every type, deeply', () => {
  const row = {
    id: '1',
    at: '2026-01-31T08:00:00.123456Z',
    open: { a: [1, 'x'] },
    flag: true,
    small: -5,
    big: 9007199254740991,
    real: 1.5,
    who: { name: 'Ü', since: '2026-01-31T08:00:00Z', tags: ['a', null, 'b'] },
    edits: [
      { at: '1969-12-31T23:59:59.5Z', by: { name: 'x' } },
      { at: null, by: null },
    ],
  }
  expect([...jsonRows(encode([row]))]).toEqual([
    {
      ...row,
      open: '{"a":[1,"x"]}',
      edits: [
        { at: '1969-12-31T23:59:59.500Z', by: { name: 'x' } },
        { at: null, by: null },
      ],
      _rescued_data: null,
    },
  ])
})

test.each([
  ['9007199254740993', '9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
])('a whole number %s loses no digit', (big, expected) => {
  expect([...jsonRows(encode([{ id: '1', big }]))][0]!.big).toBe(expected)
})

test.each([
  ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00Z'],
  ['2026-01-31T08:00:00.5Z', '2026-01-31T08:00:00.500Z'],
  ['2026-01-31T08:00:00.000001Z', '2026-01-31T08:00:00.000001Z'],
  ['1960-02-29T00:00:00.000001Z', '1960-02-29T00:00:00.000001Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
])('the time %s keeps its microseconds', (at, expected) => {
  expect([...jsonRows(encode([{ id: '1', at }]))][0]!.at).toBe(expected)
})

test('nulls, and a slice that does not begin at the first row', () => {
  const rows = [
    { id: '0', at: '2026-01-01T00:00:00Z', edits: [{ at: '2026-01-01T00:00:00Z' }], who: { name: 'a', tags: ['x'] } },
    { id: '1' },
    {
      id: '2',
      at: '2026-01-03T00:00:00Z',
      edits: [{ at: '2026-01-03T00:00:00.25Z' }],
      who: { name: 'c', since: '2026-01-04T00:00:00Z', tags: ['y', 'z'] },
    },
  ]
  const tail = [...jsonRows(encode(rows).slice(1, 3))]
  expect(tail).toEqual([
    { ...nothing, id: '1' },
    {
      ...nothing,
      id: '2',
      at: '2026-01-03T00:00:00Z',
      edits: [{ at: '2026-01-03T00:00:00.250Z', by: null }],
      who: { name: 'c', since: '2026-01-04T00:00:00Z', tags: ['y', 'z'] },
    },
  ])
})

test('an empty batch has no rows', () => {
  expect([...jsonRows(encode([]))]).toEqual([])
})
