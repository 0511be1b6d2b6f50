import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareSnowflakes,
  floorSnowflake,
  isSnowflake,
  previousSnowflake,
  timeOfSnowflake,
} from '../../../sources/discord/snowflake.ts'

const MAX = '18446744073709551615'
const ids = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String)

describe('a snowflake', () => {
  it.each([
    ['0', true],
    ['175928847299117063', true],
    [MAX, true],
    ['18446744073709551616', false],
    ['99999999999999999999', false],
    ['100000000000000000000', false],
    ['', false],
    ['01', false],
    ['-1', false],
    ['1.0', false],
    ['１', false],
    ['12a', false],
    [' 1', false],
    [175928847299117060, false],
    [null, false],
  ])('%s is one: %s', (text, expected) => {
    expect(isSnowflake(text)).toBe(expected)
  })

  it('holds its time', () => {
    expect(new Date(timeOfSnowflake('175928847299117063')).toISOString()).toBe('2016-04-30T11:18:25.796Z')
    expect(timeOfSnowflake('0')).toBe(1_420_070_400_000)
    expect(timeOfSnowflake(MAX)).toBe(1_420_070_400_000 + 2 ** 42 - 1)
  })

  it('of a time is the smallest of its millisecond', () => {
    const time = Date.parse('2026-11-22T10:00:00.123Z')
    const floor = floorSnowflake(time)
    expect(timeOfSnowflake(floor)).toBe(time)
    expect(timeOfSnowflake(previousSnowflake(floor))).toBe(time - 1)
    expect(timeOfSnowflake(floorSnowflake(time - 0.5))).toBe(time)
  })

  it.each([
    [0, '0'],
    [1_420_070_400_000, '0'],
    [1_420_070_400_001, '4194304'],
    [Date.parse('9999-12-31'), MAX],
  ])('of %d ms is %s', (time, id) => {
    expect(floorSnowflake(time)).toBe(id)
  })

  it('before the first is the first', () => {
    expect(previousSnowflake('0')).toBe('0')
    expect(previousSnowflake('10000000000000000000')).toBe('9999999999999999999')
  })

  it('is compared as a number of 64 bits', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const difference = BigInt(a) - BigInt(b)
        expect(Math.sign(compareSnowflakes(a, b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0)
      }),
    )
  })

  it('has a floor that is not above it', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const floor = floorSnowflake(timeOfSnowflake(id))
        expect(isSnowflake(floor)).toBe(true)
        expect(compareSnowflakes(floor, id)).toBeLessThanOrEqual(0)
        expect(timeOfSnowflake(floor)).toBe(timeOfSnowflake(id))
      }),
    )
  })
})
