import { describe, expect, it } from 'vitest'
import type { Cursor } from '../../../libs/connect/feed.ts'
import { planWalk, readAt } from '../../../sources/discord/feeds/message_cursor.ts'
import { floorSnowflake, previousSnowflake } from '../../../sources/discord/snowflake.ts'

const NOON = Date.UTC(2026, 0, 10, 12)
const DAY = 86_400_000
const options = { edit_rescan_window: 86_400, lookback_seconds: 300 }
/** The place from which everything of a time and later is read. */
const behind = (time: number) => previousSnowflake(floorSnowflake(time))
const idAt = (time: number) => floorSnowflake(time)
const read = (t: number, more: object = {}): Cursor => ({ v: 1, t, f: 0, ...more })

describe('a walk through a channel', () => {
  it('begins at the beginning of time, or at start_date', () => {
    expect(planWalk(null, NOON, options, undefined)).toMatchObject({ after: '0', isAgain: false, since: NOON })
    const start_date = NOON - 3 * DAY
    expect(planWalk(null, NOON, { ...options, start_date }, undefined)).toMatchObject({ after: behind(start_date) })
  })

  it('begins a window before the last one ended, not before now: an edit is seen however rarely a sync runs', () => {
    const lastRead = NOON - 10 * DAY
    expect(planWalk(read(lastRead), NOON, options, undefined)).toMatchObject({ after: behind(lastRead - DAY) })
  })

  it('reads the last five minutes again though no edits are looked for', () => {
    const walk = planWalk(read(NOON - DAY), NOON, { ...options, edit_rescan_window: 0 }, undefined)
    expect(walk).toMatchObject({ after: behind(NOON - DAY - 300_000) })
  })

  it('does not go before start_date again', () => {
    const start_date = NOON - DAY
    const cursor = read(NOON - DAY / 2, { f: start_date })
    expect(planWalk(cursor, NOON, { ...options, start_date }, undefined)).toMatchObject({ after: behind(start_date) })
  })

  it('begins anew where start_date was moved back', () => {
    const cursor = read(NOON - DAY, { f: NOON - 5 * DAY, h: idAt(NOON - 2 * DAY) })
    const walk = planWalk(cursor, NOON, { ...options, start_date: NOON - 9 * DAY }, undefined)
    expect(walk).toMatchObject({ after: behind(NOON - 9 * DAY), isAgain: true, held: idAt(NOON - 2 * DAY) })
  })

  it('goes on where it was broken off, with the moment at which it began', () => {
    const at = idAt(NOON - 3 * DAY)
    const cursor = { v: 1, f: 0, s: NOON - DAY, at, h: at }
    expect(planWalk(cursor, NOON, options, undefined)).toMatchObject({ after: at, since: NOON - DAY, held: at })
  })

  it.each([
    ['the same moment', NOON],
    ['an earlier one', NOON - DAY],
  ])('has nothing to do up to %s', (_, until) => {
    expect(planWalk(read(NOON), until, options, undefined)).toBeNull()
    expect(planWalk(readAt(NOON, options), until, options, undefined)).toBeNull()
  })

  it('goes on where it was broken off, though it ends before the moment that it began with', () => {
    const cursor = { v: 1, f: 0, s: NOON, at: '5' }
    expect(planWalk(cursor, NOON, options, undefined)).toMatchObject({ after: '5' })
    expect(planWalk(cursor, NOON - 1, options, undefined)).toMatchObject({ after: '5', since: NOON - 1 })
  })
})

describe('an end_date that is taken away', () => {
  it('is read on from, though the read stays further behind the clock than the one before', () => {
    const cursor = read(NOON, { e: NOON - 3 * DAY })
    expect(planWalk(cursor, NOON - DAY / 24, options, undefined)).toMatchObject({ after: behind(NOON - 4 * DAY) })
    expect(planWalk(cursor, NOON - 3 * DAY, options, undefined)).toBeNull()
  })
})

describe('an end_date that has passed', () => {
  const end_date = NOON - 2 * DAY
  const ended = { ...options, end_date }

  it('is the ceiling; what is before it is looked at again as long as the window reaches it', () => {
    expect(planWalk(null, NOON, ended, undefined)).toMatchObject({
      ceiling: idAt(end_date),
      end: end_date,
      since: NOON,
    })
    const week = { ...ended, edit_rescan_window: 7 * 86_400 }
    const cursor = read(NOON - DAY, { e: end_date })
    expect(planWalk(cursor, NOON, week, undefined)).toMatchObject({ after: behind(NOON - 8 * DAY), end: end_date })
    expect(planWalk(cursor, NOON, ended, undefined)).toBeNull()
  })

  it('that is moved on begins where the last one was', () => {
    const cursor = read(NOON - DAY / 2, { e: NOON - 5 * DAY })
    const after = behind(NOON - 6 * DAY)
    expect(planWalk(cursor, NOON, ended, undefined)).toMatchObject({ after, end: end_date })
    expect(planWalk(cursor, NOON, options, undefined)).toMatchObject({ after, end: undefined })
  })

  it('that lies ahead is none', () => {
    expect(planWalk(null, NOON, { ...options, end_date: NOON + DAY }, undefined)).toMatchObject({
      ceiling: idAt(NOON),
      end: undefined,
    })
  })
})

describe('a channel where nothing was written', () => {
  const old = idAt(NOON - 30 * DAY)
  const young = idAt(NOON - DAY)

  it.each([
    // newest held, newest listed then, newest listed now, idle
    ['and nothing is young enough for an edit', old, old, old, true],
    ['and nothing ever was', '0', old, old, true],
    ['but something was since', old, old, young, false],
    ['but something is young enough for an edit', young, young, young, false],
    ['but the list tells of what was not shown yet', old, young, young, false],
    ['as nobody tells', old, undefined, undefined, false],
    ['as it is told for the first time', old, undefined, old, false],
  ])('%s', (_, h, l, listed, isIdle) => {
    const cursor = read(NOON - DAY / 2, { h, ...(l === undefined ? {} : { l }) })
    expect(planWalk(cursor, NOON, options, listed) === null).toBe(isIdle)
  })
})

it.each([
  { v: 2, t: NOON, f: 0 },
  { v: 1, t: 'noon', f: 0 },
  { v: 1, t: NOON },
  { v: 1, t: NOON, f: 0, h: 'the last one' },
  { v: 1, at: '5', f: 0 },
])('a cursor that this release cannot read is refused with a code: %j', (cursor) => {
  expect(() => planWalk(cursor as Cursor, NOON + 1, options, undefined)).toThrow(
    expect.objectContaining({ code: 'PARLEY_CURSOR_INVALID' }),
  )
})
