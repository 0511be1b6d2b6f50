import { expect, test } from 'vitest'
import { editDistance, suggest } from '../../../pipeline/spec/suggest.ts'

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('editDistance(%j, %j) = %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

test.each([
  ['mesages', ['teams', 'messages'], 'messages'],
  ['MESSAGES', ['teams', 'messages'], 'messages'],
  ['xyz', ['teams', 'messages'], undefined],
  ['x', [], undefined],
])('suggest(%j, %j)', (given, known, expected) => {
  expect(suggest(given, known)).toBe(expected)
})
