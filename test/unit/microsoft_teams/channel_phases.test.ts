import { describe, expect, it } from 'vitest'
import {
  type ChannelCursor,
  type OpenRead,
  openPhase,
  type Phase,
  parseChannelCursor,
  UNSEEN_ORDER,
} from '../../../sources/microsoft_teams/feeds/channel_cursor.ts'
import {
  afterLost,
  afterPhase,
  afterReplies,
  afterThreads,
  type ChannelRules,
  isEnded,
  MAX_LOST,
  nextRead,
  roundSince,
} from '../../../sources/microsoft_teams/feeds/channel_phases.ts'

const rules: ChannelRules = { mode: 'delta', start: 1, until: 1_000, end: Infinity, lookbackMs: 100, horizon: 500 }
const list: ChannelRules = { ...rules, mode: 'list' }
const at = (t: number | null, more: Partial<ChannelCursor> = {}): ChannelCursor => ({ v: 2, s: 1, t, ...more })
const open = (phase: Phase, more: Partial<OpenRead> = {}): OpenRead =>
  ({ ...openPhase(phase, 1_000), ...more }) as OpenRead
const page = (next?: string, deltaLink?: string) => ({
  next,
  deltaLink,
  replies: [],
  digest: '1:a',
  order: UNSEEN_ORDER,
})

describe('where a channel goes on', () => {
  const cases: [string, ChannelCursor | null, ChannelRules, Phase | null][] = [
    ['history older than delta shows: a token first', null, rules, 'begin'],
    ['a start that delta shows', null, { ...rules, start: 600 }, 'round'],
    ['a list, whatever its age', null, list, 'list'],
    ['nothing below the ceiling', null, { ...rules, start: 1_000 }, null],
    ['a token', at(900, { link: 'x' }), rules, 'round'],
    ['another mode’s time that delta shows', at(900), rules, 'round'],
    ['another mode’s time whose lookback delta does not show', at(550), rules, 'begin'],
    ['read up to the ceiling', at(1_000), rules, null],
    ['a first read of the other mode that was broken off', at(null, { open: open('history') }), list, 'list'],
    ['an open read', at(null, { open: open('history') }), rules, 'history'],
    [
      'an open read that claims more than is asked for now',
      at(null, { open: { ...open('history'), until: 2_000 } }),
      rules,
      'begin',
    ],
    ['a time beyond the ceiling', at(2_000, { open: { ...open('round'), until: 3_000 } }), rules, null],
    ['an earlier start than before', { ...at(900, { link: 'x' }), s: 50 }, rules, 'begin'],
  ]
  it.each(cases)('%s', (_, cursor, given, phase) => {
    expect(nextRead(cursor, given)?.open?.phase ?? null).toBe(phase)
  })

  it('asks a round by time behind its lookback, a token behind the ceiling', () => {
    expect(roundSince(at(900), open('round'), rules)).toBe(800)
    expect(roundSince(at(null), open('round'), rules)).toBe(1)
    expect(roundSince(at(null), open('begin'), rules)).toBe(900)
  })
})

describe('a first read', () => {
  it('takes a token, walks the list, and reads what moved meanwhile', () => {
    const began = afterThreads(at(null), open('begin'), page(undefined, 'token 1'))
    expect(isEnded(began.open!)).toBe(true)
    const history = afterPhase(began, began.open!, false) as ChannelCursor
    expect(history).toMatchObject({ link: 'token 1', t: null, open: { phase: 'history' } })
    const walked = afterThreads(history, history.open!, page())
    const round = afterPhase(walked, walked.open!, false) as ChannelCursor
    expect(round).toMatchObject({ link: 'token 1', t: null, open: { phase: 'round' } })
    const caught = afterThreads(round, round.open!, page(undefined, 'token 2'))
    expect(afterPhase(caught, caught.open!, false)).toEqual({ v: 2, s: 1, t: 1_000, link: 'token 2' })
  })

  it('walks until two walks agree where no token is handed out', () => {
    const began = afterThreads(at(null), open('begin'), page())
    expect(afterPhase(began, began.open!, false)).toMatchObject({ open: { phase: 'list', walk: 1 } })
  })

  it('keeps no token that lies behind rows which end_date left out', () => {
    const ended = afterThreads(at(900, { bounded: true }), open('round'), page(undefined, 'token'))
    expect(afterPhase(ended, ended.open!, false)).toEqual({ v: 2, s: 1, t: 1_000 })
  })
})

describe('a walk over the list', () => {
  const ended = (more: Partial<OpenRead>) => {
    const cursor = at(null, { open: open('list', { ended: true, pages: 3, digest: '9:f', ...more }) })
    return afterPhase(cursor, cursor.open!, false)
  }
  it('of one page is one look', () => expect(ended({ pages: 1 })).toMatchObject({ t: 1_000 }))
  it('of several pages is walked again', () => {
    expect(ended({})).toMatchObject({ t: null, open: { walk: 2, pages: 0, last: '9:f', ordered: true } })
  })
  it('is believed when it equals the one before', () =>
    expect(ended({ walk: 2, last: '9:f' })).toMatchObject({ t: 1_000 }))
  it('is given up after four', () => expect(ended({ walk: 4, last: '8:e' })).toBe('unstable'))
  it('is not compared with a walk that did not see its end', () => {
    const cursor = at(null, { open: open('list', { pages: 2, next: 'x' }) })
    expect(afterLost(cursor, cursor.open!, 1)).toMatchObject({ open: { walk: 2, last: null, ordered: false } })
  })
})

describe('a walk behind a token', () => {
  const disordered = { ...UNSEEN_ORDER, by_activity: false, by_creation: false }
  const ended = (more: Partial<OpenRead>) => {
    const history = open('history', { ended: true, pages: 3, digest: '9:f', order: disordered, ...more })
    const cursor = at(null, { link: 'token', open: history })
    return afterPhase(cursor, cursor.open!, false)
  }
  const believed = { link: 'token', open: { phase: 'round' } }
  it('is walked again where the list has shown no order', () => {
    expect(ended({})).toMatchObject({ link: 'token', open: { phase: 'history', walk: 2, pages: 0, last: '9:f' } })
  })
  it('is believed when the one before has the same threads, when there is an order, or one page', () => {
    expect(ended({ walk: 2, last: '9:f' })).toMatchObject(believed)
    expect(ended({ order: { ...disordered, by_activity: true } })).toMatchObject(believed)
    expect(ended({ order: { ...disordered, by_creation: true } })).toMatchObject(believed)
    expect(ended({ pages: 1 })).toMatchObject(believed)
  })
  it('is given up after four', () => expect(ended({ walk: 4, last: '8:e' })).toBe('unstable'))
})

describe('replies that did not fit', () => {
  it('are read before the phase ends, thread after thread', () => {
    const two = [
      { root: 'a', next: 'a1' },
      { root: 'b', next: 'b1' },
    ]
    const first = afterThreads(at(900), open('round'), { ...page(undefined, 'token'), replies: two })
    expect(isEnded(first.open!)).toBe(false)
    const second = afterReplies(first, first.open!, 'a2')
    expect(second.open!.replies).toEqual([
      { root: 'a', next: 'a2' },
      { root: 'b', next: 'b1' },
    ])
    const lost = afterLost(second, second.open!, 1) as ChannelCursor
    expect(lost.open!.replies[0]).toEqual({ root: 'a' })
    // The thread itself is gone: the phase finds out.
    expect(afterLost(lost, lost.open!, 2)).toMatchObject({ open: { phase: 'begin', replies: [] } })
    const third = afterReplies(lost, lost.open!, undefined)
    const last = afterReplies(third, third.open!, undefined)
    expect(isEnded(last.open!)).toBe(true)
  })
})

describe('a lost token', () => {
  it('costs one walk over the channel, behind a new token', () => {
    const cursor = at(900, { link: 'x', open: open('round') })
    expect(afterLost(cursor, cursor.open!, 1)).toEqual({ v: 2, s: 1, t: 900, open: openPhase('begin', 1_000) })
  })
  it('again and again: the list alone', () => {
    const cursor = at(900, { link: 'x', open: open('round') })
    expect(afterLost(cursor, cursor.open!, MAX_LOST + 1)).toMatchObject({ t: 900, open: { phase: 'list' } })
  })
})

describe('a stored cursor', () => {
  it('of an open read comes back as it was', () => {
    const cursor = at(null, { link: 'l', open: open('history', { next: 'n', pages: 4, replies: [{ root: 'a' }] }) })
    expect(parseChannelCursor(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor)
  })
  it('of the export is a time', () => {
    expect(parseChannelCursor({ v: 1, s: 5, t: 900 })).toEqual({ v: 2, s: 5, t: 900 })
    expect(parseChannelCursor({ v: 1, s: 5, a: 400, b: 900, pages: 2 })).toEqual({ v: 2, s: 5, t: 400 })
  })
  it.each([
    { v: 3, s: 1, t: 2 },
    { v: 2, s: 1, t: null, open: { phase: 'other', until: 5 } },
    { v: 2, s: 1, t: null, open: 'x' },
  ])('that this release does not know is refused: %j', (cursor) =>
    expect(() => parseChannelCursor(cursor as ChannelCursor)).toThrow(/cursor/),
  )
})
