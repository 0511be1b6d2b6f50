import fc from 'fast-check'
import { boolean, float64, int32, int64, json, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import type { ColumnType, Fields, StructType } from '../../../libs/schema/types.ts'

/** What is put in, and what should come out. */
export interface Sample {
  given: unknown
  value: unknown
}

/** Text of every kind: names that objects inherit, NUL, halves of emoji, what looks like markup, long runs. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.constantFrom('a', 'é', '会', '🎉', '\ud83c', '\udf89', '\0', '\uFFFD', '\\u0000', '"'), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.constantFrom('__proto__', 'constructor', 'null', '', '\u2028', "'; DROP TABLE x; --"),
  fc
    .tuple(fc.constantFrom('x', 'é', '会', '🎉', '\0', '\ud800'), fc.integer({ min: 60, max: 700 }))
    .map(([unit, count]) => unit.repeat(count)),
)

const clean = (given: string): string => given.toWellFormed().replaceAll('\0', '\uFFFD')

const jsonSample = fc.jsonValue({ maxDepth: 2 }).map((given): Sample => {
  const value = given === null ? null : JSON.stringify(given)
  return { given, value }
})

const instant = fc.record({
  at: fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }),
  micros: fc.integer({ min: 0, max: 999 }),
  zone: fc.integer({ min: -18 * 60, max: 18 * 60 }),
})

/** Written in a zone of its own, with six digits. */
const timestampSample = instant.map(({ at, micros, zone }): Sample => {
  const local = new Date(at.getTime() + zone * 60_000).toISOString()
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  const offset = `${zone < 0 ? '-' : '+'}${two(zone / 60)}:${two(zone % 60)}`
  return {
    given: local.replace('Z', `${String(micros).padStart(3, '0')}${offset}`),
    value: BigInt(at.getTime()) * 1000n + BigInt(micros),
  }
})

/** Values that no column of the kind takes. */
const misfits: Record<string, fc.Arbitrary<unknown>> = {
  text: fc.oneof(fc.integer(), fc.boolean(), fc.constant({}), fc.constant([])),
  timestamp: fc.constantFrom<unknown>('2021-13-45', '2026-01-31T08:00:00', 17, {}, ''),
  boolean: fc.constantFrom<unknown>('true', 0, 1, {}, []),
  int32: fc.constantFrom<unknown>('1', 2 ** 31, 1.5, true, {}),
  int64: fc.constantFrom<unknown>('one', 2 ** 53, 1.5, '9223372036854775808', []),
  float64: fc.constantFrom<unknown>('1', true, {}, Number.POSITIVE_INFINITY),
  struct: fc.constantFrom<unknown>('x', 1, [], true),
  list: fc.constantFrom<unknown>('x', 1, {}, { length: 1, 0: 'a' }),
}

/** Values for a type: mostly fitting ones, now and then null, absent or a misfit. */
export function sampleOf(type: ColumnType): fc.Arbitrary<Sample> {
  const fitting = fittingOf(type)
  const none = fc.constantFrom<Sample>({ given: null, value: null }, { given: undefined, value: null })
  const odd = (misfits[type.kind] ?? fc.constant(null)).map((given): Sample => ({ given, value: null }))
  return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 2, arbitrary: none }, { weight: 1, arbitrary: odd })
}

function fittingOf(type: ColumnType): fc.Arbitrary<Sample> {
  const same = <T>(values: fc.Arbitrary<T>) => values.map((given): Sample => ({ given, value: given }))
  switch (type.kind) {
    case 'text':
      return hostileText.map((given) => ({ given, value: clean(given) }))
    case 'json':
      return jsonSample
    case 'timestamp':
      return timestampSample
    case 'boolean':
      return same(fc.boolean())
    case 'int32':
      return same(fc.integer())
    case 'float64':
      return same(fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'int64':
      return fc.oneof(
        fc.maxSafeInteger().map((given) => ({ given, value: BigInt(given) })),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ given: String(value), value })),
      )
    case 'list':
      return fc.array(sampleOf(type.item), { maxLength: 4 }).map((items) => ({
        given: items.map(({ given }) => given),
        value: items.map(({ value }) => value),
      }))
    case 'struct':
      return rowOf(type)
  }
}

/** Objects for a struct, with unknown fields among the declared ones. */
export function rowOf(type: StructType): fc.Arbitrary<Sample> {
  const names = Object.keys(type.fields)
  const samples = fc.tuple(...names.map((name) => sampleOf(type.fields[name]!)))
  return fc
    .tuple(samples, fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }))
    .map(([members, unknown]) => {
      const given = Object.fromEntries(Object.entries(unknown).filter(([name]) => !names.includes(name)))
      const value = Object.create(null)
      for (const [i, name] of names.entries()) {
        Object.defineProperty(given, name, { value: members[i]!.given, enumerable: true, configurable: true })
        value[name] = members[i]!.value
      }
      return { given, value }
    })
}

const columnName = fc
  .oneof(
    fc.constantFrom(
      'id',
      'createdDateTime',
      'constructor',
      'toString',
      'hasOwnProperty',
      'a.b',
      'a[0]',
      'with"quote',
      'a`b',
      'größe',
      '会',
    ),
    fc.string({ minLength: 1, maxLength: 6 }),
  )
  // Names of digits only come first in every JavaScript object, whatever was declared.
  .filter(
    (name) =>
      name.isWellFormed() &&
      !name.includes('\0') &&
      !/^\d+$/.test(name) &&
      !['__proto__', '_raw', '_rescued_data'].includes(name.toLowerCase()),
  )

const scalar = fc
  .constantFrom(text, json, timestamp, boolean, int32, int64, float64)
  .map((make) => make() as ColumnType)

const fieldsOf = (type: fc.Arbitrary<ColumnType>): fc.Arbitrary<Fields> =>
  fc
    .uniqueArray(fc.tuple(columnName, type), { minLength: 1, maxLength: 4, selector: ([name]) => name.toLowerCase() })
    .map(Object.fromEntries)

const { type } = fc.letrec<{ type: ColumnType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('type').map((item) => list(item)),
    fieldsOf(tie('type')).map((fields) => struct(fields)),
  ),
}))

/** Any table's schema. */
export const anySchema = fieldsOf(type).map((fields) => struct(fields))

/** A schema with rows for it. */
export const anyTable = anySchema.chain((schema) =>
  fc.record({ schema: fc.constant(schema), rows: fc.array(rowOf(schema), { maxLength: 30 }) }),
)
