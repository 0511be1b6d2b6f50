import { describe, expect, test } from 'vitest'
import { type OptionSet, resolveOptions } from '../../../libs/connect/options.ts'
import { tableOptionsFromEnvironment } from '../../../pipeline/spec/connection_environment.ts'

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

describe('a duration', () => {
  const declared = {
    window: { type: 'duration', scope: 'table', max: 604_800, default: 60, description: '' },
  } as const satisfies OptionSet
  const resolve = (window: unknown) => resolveOptions(declared, { window }, { scope: 'table', unknown: 'error' }).window

  test.each([
    ['90', 90],
    [90, 90],
    ['90s', 90],
    ['15m', 900],
    [' 6h ', 21_600],
    ['7d', 604_800],
    ['0', 0],
    [undefined, 60],
  ])('%j is %j seconds', (given, seconds) => {
    expect(resolve(given)).toBe(seconds)
  })

  test.each(['8d', '-1', '1.5h', '7 days', 'd', '1w', 604_801])('%j is refused with a code', (given) => {
    expect(() => resolve(given)).toThrow(expect.objectContaining({ code: 'PARLEY_OPTION_INVALID' }))
  })
})

describe('a list of ids', () => {
  const declared = {
    room: { type: 'list', scope: 'table', shape: { matches: /^\d{17,20}$/, is: 'an id' }, description: '' },
  } as const satisfies OptionSet
  const resolve = (room: unknown) => resolveOptions(declared, { room }, { scope: 'table', unknown: 'error' }).room

  test.each([
    ['1552536305664000010', ['1552536305664000010']],
    [' 1552536305664000010, 1552536305664000012 ', ['1552536305664000010', '1552536305664000012']],
    ['["1552536305664000010"]', ['1552536305664000010']],
  ])('%j is read', (given, ids) => {
    expect(resolve(given)).toEqual(ids)
  })

  test('that YAML or JSON has read as numbers is refused: they are others by now', () => {
    expect(() => resolve(Number('1552536305664000010'))).toThrow(/must be written in quotes; as a number it would lose/)
    expect(() => resolve('[1552536305664000010]')).toThrow(/must be written in quotes/)
  })

  test.each(['abc', '12', '1552536305664000010,abc', '15525363056640000101552'])(
    '%s is refused, and shown',
    (given) => {
      expect(() => resolve(given)).toThrow(/Option room must be an id; it is "/)
    },
  )
})

test('an option that names an environment variable is set by it, for tables only', () => {
  const declared = {
    page_size: { type: 'integer', scope: 'table', environment: 'SIZE', description: '' },
    secret: { type: 'text', scope: 'connection', environment: 'SIZE', description: '' },
    other: { type: 'integer', scope: 'table', description: '' },
  } as const satisfies OptionSet
  expect(tableOptionsFromEnvironment(declared, { SIZE: '20', other: '3' })).toEqual({ page_size: '20' })
  expect(tableOptionsFromEnvironment(declared, { SIZE: '' })).toEqual({})
  expect(() => tableOptionsFromEnvironment(declared, { SIZE: 'many' })).toThrow(/SIZE/)
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
