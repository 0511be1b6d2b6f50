import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  plural,
  printable,
} from '../../../libs/observe/format.ts'

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [0.25, '0.3'],
  [1234.56, '1,234.6'],
])('formatCount(%d) = %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test.each([
  [-1, '0 B'],
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1048575, '1 MiB'],
  [20 * 1024 ** 2, '20 MiB'],
  [256.4 * 1024 ** 2, '256 MiB'],
  [3 * 1024 ** 5, '3072 TiB'],
])('formatBytes(%d) = %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, '0 s'],
  [0.04, '0 s'],
  [0.44, '0.4 s'],
  [9.94, '9.9 s'],
  [9.95, '10 s'],
  [59.4, '59 s'],
  [59.6, '1m 00s'],
  [185, '3m 05s'],
  [3599.6, '1h 00m'],
  [7380, '2h 03m'],
  [86_399, '1d 00h'],
  [4 * 86_400 + 6 * 3600, '4d 06h'],
  [Number.NaN, '?'],
  [Number.POSITIVE_INFINITY, '?'],
  [-1, '?'],
])('formatDuration(%d) = %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test.each([
  [0, 0, '0 rows/s'],
  [5, 2, '2.5 rows/s'],
  [100, 3, '33 rows/s'],
  [5_000_000, 2, '2,500,000 rows/s'],
])('formatRate(%d, %d) = %s', (count, seconds, text) => {
  expect(formatRate(count, seconds, 'rows')).toBe(text)
})

test.each([
  [0, '0 rows'],
  [1, '1 row'],
  [1000, '1,000 rows'],
])('plural(%d) = %s', (count, text) => {
  expect(plural(count, 'row')).toBe(text)
})

test.each([
  ['plain ü 漢 🙂', 'plain ü 漢 🙂'],
  ['\u001b[2Jgone', '?[2Jgone'],
  ['a\r\nb\tc', 'a\nb\tc'],
  ['\u009b31m', '?31m'],
  ['abc\u202ecba', 'abc?cba'],
])('printable(%j) = %j', (text, expected) => {
  expect(printable(text)).toBe(expected)
})
