import { describe, expect, it } from 'vitest'
import { boolean, float64, int32, int64, json, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import type { ColumnType } from '../../../libs/schema/types.ts'
import { through } from './support.ts'

/** µs of the millisecond that the engine itself reads. */
const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n

type Case = [type: ColumnType, given: unknown, value: unknown, code?: string]

function table(name: string, cases: Case[]): void {
  describe(name, () => {
    it.each(cases.map(([type, given, value, code]) => ({ type, given, value, code })))(
      '$given',
      ({ type, given, value, code }) => {
        const result = through(type, given)
        expect(result.value).toEqual(value)
        expect(result.rescued).toEqual(
          code === undefined ? null : { x: { code, value: JSON.parse(JSON.stringify(given)) } },
        )
      },
    )
  })
}

table('text', [
  [text(), 'plain', 'plain'],
  [text(), '', ''],
  [text(), 'größer 会議 🎉', 'größer 会議 🎉'],
  [text(), 'x'.repeat(5000), 'x'.repeat(5000)],
  [text(), `${'é'.repeat(90)}🎉`, `${'é'.repeat(90)}🎉`],
  [text(), null, null],
  [text(), undefined, null],
  [text(), 5, null, 'not_text'],
  [text(), true, null, 'not_text'],
  [text(), { a: 1 }, null, 'not_text'],
  [text(), ['a'], null, 'not_text'],
  [text(), 'a\0b', 'a\uFFFDb', 'replaced_characters'],
  [text(), 'a\ud800b', 'a\uFFFDb', 'replaced_characters'],
  [text(), '\udc00', '\uFFFD', 'replaced_characters'],
  [text(), `${'é'.repeat(200)}\0`, `${'é'.repeat(200)}\uFFFD`, 'replaced_characters'],
  [text(), `${'x'.repeat(200)}\ud800`, `${'x'.repeat(200)}\uFFFD`, 'replaced_characters'],
  [text(), '\uFFFD stays', '\uFFFD stays'],
])

table('boolean', [
  [boolean(), true, true],
  [boolean(), false, false],
  [boolean(), null, null],
  [boolean(), 'true', null, 'not_a_boolean'],
  [boolean(), 1, null, 'not_a_boolean'],
  [boolean(), 0, null, 'not_a_boolean'],
])

table('int32', [
  [int32(), 0, 0],
  [int32(), -1, -1],
  [int32(), 2_147_483_647, 2_147_483_647],
  [int32(), -2_147_483_648, -2_147_483_648],
  [int32(), 2_147_483_648, null, 'out_of_range'],
  [int32(), 2 ** 40, null, 'out_of_range'],
  [int32(), 1.5, null, 'not_an_integer'],
  [int32(), '7', null, 'not_a_number'],
  [int32(), 'abc', null, 'not_a_number'],
  [int32(), true, null, 'not_a_number'],
])

table('int64', [
  [int64(), 5, 5n],
  [int64(), Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991n],
  [int64(), '9007199254740993', 9_007_199_254_740_993n],
  [int64(), '-9223372036854775808', -(2n ** 63n)],
  [int64(), '9223372036854775807', 2n ** 63n - 1n],
  [int64(), '9223372036854775808', null, 'out_of_range'],
  [int64(), '-9223372036854775809', null, 'out_of_range'],
  [int64(), '9'.repeat(1000), null, 'out_of_range'],
  [int64(), 2 ** 53, null, 'out_of_range'],
  [int64(), 1.5, null, 'not_an_integer'],
  [int64(), '1.5', null, 'not_a_number'],
  [int64(), '007', null, 'not_a_number'],
  [int64(), '', null, 'not_a_number'],
  [int64(), ' 1', null, 'not_a_number'],
  [int64(), '0x10', null, 'not_a_number'],
  [int64(), false, null, 'not_a_number'],
])

table('float64', [
  [float64(), 1.5, 1.5],
  [float64(), -0, -0],
  [float64(), Number.MIN_VALUE, Number.MIN_VALUE],
  [float64(), '1.5', null, 'not_a_number'],
  [float64(), {}, null, 'not_a_number'],
])

table('json', [
  [json(), { b: 1, a: [null, 'x'] }, '{"b":1,"a":[null,"x"]}'],
  [json(), 'text', '"text"'],
  [json(), 0, '0'],
  [json(), false, 'false'],
  [json(), [], '[]'],
  [json(), null, null],
  [json(), { k: 'a\0b' }, '{"k":"a\uFFFDb"}', 'replaced_characters'],
  [json(), { 'k\0': '\ud800' }, '{"k\uFFFD":"\uFFFD"}', 'replaced_characters'],
  [json(), { k: '\\u0000 and \\ud800 spelled out' }, '{"k":"\\\\u0000 and \\\\ud800 spelled out"}'],
  [json(), { k: '\u0001\u2028' }, '{"k":"\\u0001\u2028"}'],
])

table('struct and list', [
  [struct({ a: text(), b: int32() }), { a: 'x', b: 1, unknown: true }, { a: 'x', b: 1 }],
  [struct({ a: text() }), {}, { a: null }],
  [struct({ a: text() }), null, null],
  [struct({ a: text() }), 'x', null, 'not_an_object'],
  [struct({ a: text() }), ['x'], null, 'not_an_object'],
  [list(text()), ['a', null, ''], ['a', null, '']],
  [list(text()), [], []],
  [list(text()), null, null],
  [list(text()), { 0: 'a' }, null, 'not_a_list'],
  [list(text()), 'a', null, 'not_a_list'],
  [list(list(int32())), [[1], [], null, [2, 3]], [[1], [], null, [2, 3]]],
])

table('timestamp', [
  [timestamp(), '2026-01-31T08:00:00Z', at('2026-01-31T08:00:00Z')],
  [timestamp(), '2026-01-31T08:00:00.1Z', at('2026-01-31T08:00:00.100Z')],
  [timestamp(), '2026-01-31T08:00:00.123456Z', at('2026-01-31T08:00:00.123Z') + 456n],
  [timestamp(), '2026-01-31T08:00:00.1234569Z', at('2026-01-31T08:00:00.123Z') + 456n],
  [timestamp(), '1969-12-31T23:59:59.9999999Z', -1n],
  [timestamp(), '2026-01-31T08:00Z', at('2026-01-31T08:00:00Z')],
  [timestamp(), '2026-01-31t08:00:00z', at('2026-01-31T08:00:00Z')],
  [timestamp(), '2026-01-31 08:00:00Z', at('2026-01-31T08:00:00Z')],
  [timestamp(), '2026-01-31T08:00:00+02:00', at('2026-01-31T06:00:00Z')],
  [timestamp(), '2026-01-31T08:00:00+0000', at('2026-01-31T08:00:00Z')],
  [timestamp(), '2026-01-31T08:00:00-0530', at('2026-01-31T13:30:00Z')],
  [timestamp(), '2026-01-31T08:00:00-08', at('2026-01-31T16:00:00Z')],
  [timestamp(), '2024-02-29T00:00:00Z', at('2024-02-29T00:00:00Z')],
  [timestamp(), '2000-02-29T00:00:00Z', at('2000-02-29T00:00:00Z')],
  [timestamp(), '0001-01-01T00:00:00Z', -62_135_596_800_000_000n],
  [timestamp(), '9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
  [timestamp(), '0000-12-31T00:00:00Z', null, 'out_of_range'],
  [timestamp(), '0001-01-01T00:00:00+01:00', null, 'out_of_range'],
  [timestamp(), '9999-12-31T23:59:59-00:01', null, 'out_of_range'],
  [timestamp(), '2026-01-31T08:00:00', null, 'no_time_zone'],
  [timestamp(), '2026-01-31T08:00:00.5', null, 'no_time_zone'],
  [timestamp(), '2026-01-31T08:00', null, 'no_time_zone'],
  [timestamp(), '2026-01-31', null, 'not_a_timestamp'],
  [timestamp(), '2021-13-45', null, 'not_a_timestamp'],
  [timestamp(), '2026-13-01T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-02-29T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '1900-02-29T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-04-31T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-00-01T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-00T00:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T24:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:60:00Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:60Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:00.Z', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:00+24:00', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:00+02:0', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:00Z ', null, 'not_a_timestamp'],
  [timestamp(), '2026-01-31T08:00:00Zulu', null, 'not_a_timestamp'],
  [timestamp(), '+2026-01-31T08:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), '２０２６-01-31T08:00:00Z', null, 'not_a_timestamp'],
  [timestamp(), 'yesterday', null, 'not_a_timestamp'],
  [timestamp(), '', null, 'not_a_timestamp'],
  [timestamp(), 1_700_000_000_000, null, 'not_a_timestamp'],
])

describe('what JSON can say but not write', () => {
  it('keeps 1e999 as text', () => {
    expect(through(float64(), JSON.parse('1e999'))).toEqual({
      value: null,
      rescued: { x: { code: 'out_of_range', value: 'Infinity' } },
    })
    expect(through(json(), JSON.parse('{"a":[-1e999,null]}')).value).toBe('{"a":["-Infinity",null]}')
  })

  it('takes JSON deeper than the engine can write it', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(through(json(), JSON.parse(deep)).value).toBe(deep)
  })
})
