import { expect, it } from 'vitest'
import { changeTime } from '../../../sources/microsoft_teams/feeds/export_rows.ts'

it.each([
  ['2026-02-28T00:00:00Z', Date.UTC(2026, 1, 28)],
  ['2024-02-29T00:00:00.5+01:00', Date.UTC(2024, 1, 28, 23, 0, 0, 500)],
  // A day that is none would be taken for one in March, and the row for one of another window: it would never be handed on.
  ['2026-02-31T00:00:00Z', null],
  ['2026-02-28T00:00:00', null],
  ['9999-01-01T00:00:00Z', null],
])('a row last changed at %s', (lastModifiedDateTime, time) => {
  expect(changeTime({ lastModifiedDateTime })).toBe(time)
})
