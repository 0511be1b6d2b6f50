import { expect, test } from 'vitest'
import { duration } from '../../../pipeline/cli/flags.ts'
import { pauseSeconds } from '../../../pipeline/cli/schedule.ts'

test.each([
  ['runs begin `every` after one another', 900, 60, 0, 840],
  ['a run that takes longer leaves the file free for a while', 900, 2000, 0, 10],
  ['one failure changes nothing', 900, 60, 1, 840],
  ['the second doubles the pause', 900, 60, 2, 1800],
  ['but an hour is the most', 900, 60, 9, 3600],
  ['unless the schedule is slower', 86_400, 60, 9, 86_400],
  ['a dense schedule backs off too', 10, 1, 5, 160],
  ['and stays bounded after a weekend of failures', 10, 1, 5000, 3600],
])('%s', (_, every, took, failures, expected) => {
  expect(pauseSeconds(every, took, failures)).toBe(expected)
})

const parse = duration(10, 31 * 86_400)
test.each([
  ['10s', 10],
  ['15m', 900],
  ['6h', 21_600],
  ['1d', 86_400],
  ['31d', 31 * 86_400],
])('%s is %i seconds', (text, seconds) => {
  expect(parse(text)).toBe(seconds)
})

test.each(['9s', '32d', '15', '15M', '1.5h', '-1h', '', 'm', '1h30m', '9999999999s'])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow(/such as 15m, from 10 seconds to 31 days/)
})
