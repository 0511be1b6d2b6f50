import { describe, expect, test } from 'vitest'
import { type OptionSet, resolveOptions } from '../../../libs/connect/options.ts'

const declared = {
  from: { type: 'instant', scope: 'table', before: 'to', description: 'First time.' },
  to: { type: 'instant', scope: 'table', description: 'Last time.' },
  house: { type: 'list', scope: 'table', description: 'Houses.' },
  room: { type: 'list', scope: 'table', withOne: 'house', description: 'Rooms of one house.' },
} as const satisfies OptionSet

const resolve = (raw: Record<string, unknown>) => resolveOptions(declared, raw, { scope: 'table', unknown: 'error' })
const refused = (option: string, message: string) =>
  expect.objectContaining({
    code: 'PARLEY_OPTION_INVALID',
    kind: 'usage',
    message: expect.stringContaining(message),
    details: { option },
  })

describe('a time', () => {
  test.each([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T23:30:00-02:00', '2026-02-01T01:30:00.000Z'],
    [new Date('2026-01-31T08:00:00Z'), '2026-01-31T08:00:00.000Z'],
  ])('%s', (text, iso) => {
    expect(new Date(resolve({ from: text }).from as number).toISOString()).toBe(iso)
  })

  test.each([
    '2026-02-29',
    '2026-02-31',
    '2026-11-31',
    '2100-02-29',
    '2026-06-31T08:00:00Z',
    '2026-13-01',
    '2026-01-32',
    '2026-00-10',
    '2026-01-31T24:00:00Z',
    '2026-02-29T24:00:00Z',
    '2026-01-31T23:60:00Z',
  ])('%s is no time of the calendar', (text) => {
    expect(() => resolve({ from: text })).toThrow(refused('from', 'must be a date (2026-01-31)'))
  })
})

describe('options that belong together', () => {
  test('a range begins before it ends', () => {
    expect(resolve({ from: '2026-05-01', to: '2026-05-01T00:00:00.001Z' })).toMatchObject({
      from: Date.UTC(2026, 4, 1),
    })
    const message = 'Option from must be a time before to (2026-05-01T00:00:00Z); it is 2026-05-31T00:00:00Z.'
    expect(() => resolve({ from: '2026-05-31', to: '2026-05-01' })).toThrow(refused('from', message))
    expect(() => resolve({ from: '2026-05-01', to: '2026-05-01' })).toThrow(refused('from', 'a time before to'))
  })

  test('what is inside one thing needs exactly one of it', () => {
    expect(resolve({ house: 'a', room: 'x,y' })).toMatchObject({ house: ['a'], room: ['x', 'y'] })
    expect(resolve({ house: 'a,b' }).room).toBeUndefined()
    expect(() => resolve({ room: 'x' })).toThrow(refused('room', 'exactly one house; there is none'))
    expect(() => resolve({ house: 'a,b', room: 'x' })).toThrow(refused('room', 'exactly one house; there are 2'))
  })
})
