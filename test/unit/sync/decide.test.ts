import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide, type Sequence, type Version } from '../../../pipeline/sync/decide.ts'
import { applyRows, foldRows } from '../../../pipeline/sync/decide_unit.ts'
import { vanish } from '../../../pipeline/sync/decide_vanished.ts'

const row = (sequence: Sequence, content: string) => ({ sequence, content })
const version = (start: Sequence, end: Sequence, content: string): Version => ({ start, end, content })
const held = (start: Sequence, content: string) => [version(start, null, content)]
/** The decision as one line: `update 5 to 9 of 3`. */
const said = (decision: Decision) => {
  const of = 'of' in decision && decision.of !== null ? ` of ${decision.of.start}` : ''
  const start = 'start' in decision ? ` ${decision.start}` : ''
  return `${decision.kind}${start}${decision.kind === 'update' ? ` to ${decision.end}` : ''}${of}`
}

describe('decide, SCD1', () => {
  it.each([
    ['no version held', [], row(5, 'a'), 'insert 5'],
    ['same content, later', held(5, 'a'), row(6, 'a'), 'same'],
    ['same content, earlier', held(5, 'a'), row(4, 'a'), 'same'],
    ['other content, later', held(5, 'a'), row(6, 'b'), 'update 6 to null of 5'],
    ['other content, same time', held(5, 'a'), row(5, 'b'), 'replace of 5'],
    ['other content, earlier', held(5, 'a'), row(4, 'b'), 'late'],
    ['other content, row without a time', held(5, 'a'), row(null, 'b'), 'replace of 5'],
    ['other content, held row without a time', held(null, 'a'), row(4, 'b'), 'update 4 to null of null'],
    ['other content, both without a time', held(null, 'a'), row(null, 'b'), 'replace of null'],
    [
      'a snapshot, whose held row does not know its generation',
      held(null, 'a'),
      row(100, 'b'),
      'update 100 to null of null',
    ],
  ] as const)('%s', (_, versions, one, decision) => {
    expect(said(decide(versions, one, 'SCD_TYPE_1'))).toBe(decision)
  })
})

describe('decide, SCD2', () => {
  const history = [version(10, 20, 'a'), version(20, 30, 'b'), version(30, null, 'c')]
  const vanished = [version(10, 20, 'a'), version(20, 25, 'b')]
  const returned = [...vanished, version(40, null, 'c')]
  it.each([
    ['no version held', [], row(5, 'a'), 'insert 5'],
    ['no version held, row without a time', [], row(null, 'a'), 'insert null'],
    ['same content as the open one, later', history, row(31, 'c'), 'same'],
    ['same content as the open one, same time', history, row(30, 'c'), 'same'],
    ['same content as the open one, row without a time', history, row(null, 'c'), 'same'],
    ['other content, later', history, row(31, 'd'), 'update 31 to null of 30'],
    ['content of an earlier version, later', history, row(31, 'a'), 'update 31 to null of 30'],
    ['other content, same time', history, row(30, 'd'), 'replace of 30'],
    ['other content, row without a time', history, row(null, 'd'), 'replace of 30'],
    ['earlier, the version at that time again', history, row(20, 'b'), 'same'],
    ['earlier, other content at a time that is held', history, row(20, 'd'), 'replace of 20'],
    ['earlier, between two versions', history, row(25, 'd'), 'update 25 to 30 of 20'],
    ['earlier, between two versions, content of the one before', history, row(25, 'b'), 'same'],
    ['earlier, between two versions, content of the one after', history, row(25, 'c'), 'same'],
    ['earlier than all', history, row(5, 'd'), 'update 5 to 10'],
    ['earlier than all, content of the first one', history, row(5, 'a'), 'same'],
    ['later than an open version without a time', held(null, 'a'), row(4, 'b'), 'update 4 to null of null'],
    ['without a time, as the open version', held(null, 'a'), row(null, 'b'), 'replace of null'],
    ['vanished and back', vanished, row(40, 'c'), 'insert 40'],
    ['vanished and back as it was', vanished, row(40, 'b'), 'insert 40'],
    ['vanished, and still shown by a listing that began before', vanished, row(22, 'b'), 'insert 25'],
    ['vanished, and back without a time', vanished, row(null, 'b'), 'insert 25'],
    ['earlier than its return, while it was absent', returned, row(30, 'd'), 'update 30 to 40'],
    ['earlier than its return, before it vanished', returned, row(22, 'd'), 'update 22 to 25 of 20'],
  ] as const)('%s', (_, versions, one, decision) => {
    expect(said(decide(versions, one, 'SCD_TYPE_2'))).toBe(decision)
  })
})

describe('decide, append', () => {
  it.each([
    ['nothing held', [], row(5, 'a'), 'insert 5'],
    ['a content that is held', [version(5, null, 'a'), version(6, null, 'b')], row(7, 'a'), 'same'],
    ['another content, earlier', held(5, 'a'), row(4, 'b'), 'insert 4'],
    ['another content, same time', held(5, 'a'), row(5, 'b'), 'insert 5'],
    ['another content, without a time', held(5, 'a'), row(null, 'b'), 'insert null'],
  ] as const)('%s', (_, versions, one, decision) => {
    expect(said(decide(versions, one, 'APPEND_ONLY'))).toBe(decision)
  })
})

describe('a key of a snapshot that vanished', () => {
  const versions = [version(100, 200, 'a'), version(200, null, 'b')]
  it('is gone in SCD1, ended in SCD2, and stays in append', () => {
    expect(vanish(versions.slice(1), 300, 'SCD_TYPE_1')).toEqual([])
    expect(vanish(versions, 300, 'SCD_TYPE_2')).toEqual([version(100, 200, 'a'), version(200, 300, 'b')])
    expect(vanish(versions, 300, 'APPEND_ONLY')).toEqual(versions)
  })
  it('never ends before it began', () => {
    expect(vanish(versions, 150, 'SCD_TYPE_2')).toEqual([version(100, 200, 'a'), version(200, 201, 'b')])
  })
})

describe('rows that arrive together', () => {
  it('are folded to one of a sequence, the last read, in order; rows without a sequence first', () => {
    const rows = [row(2, 'b'), row(1, 'a'), row(null, 'x'), row(2, 'c'), row(null, 'y')]
    expect(foldRows(rows, 'SCD_TYPE_2')).toEqual([row(null, 'y'), row(1, 'a'), row(2, 'c')])
    expect(foldRows(rows, 'SCD_TYPE_1')).toEqual([row(2, 'c')])
    expect(foldRows(rows, 'APPEND_ONLY').map(({ content }) => content)).toEqual(['x', 'y', 'a', 'b', 'c'])
    expect(foldRows([], 'SCD_TYPE_1')).toEqual([])
    expect(foldRows([row(null, 'a'), row(null, 'b')], 'SCD_TYPE_1')).toEqual([row(null, 'b')])
  })

  it('become a version each in SCD2', () => {
    const { versions, decisions } = applyRows([], [row(3, 'c'), row(1, 'a'), row(2, 'b'), row(1, 'a')], 'SCD_TYPE_2')
    expect(versions).toEqual([version(1, 2, 'a'), version(2, 3, 'b'), version(3, null, 'c')])
    expect(decisions.map(({ kind }) => kind)).toEqual(['insert', 'update', 'update'])
  })
})

// The sequence is a source column, so rows of other sequences have other contents.
const rows = fc.array(
  fc
    .record({ sequence: fc.integer({ min: 0, max: 5 }), text: fc.constantFrom('a', 'b') })
    .map(({ sequence, text }) => row(sequence, `${sequence} ${text}`)),
  { minLength: 1, maxLength: 8 },
)

describe('the versions of a key', () => {
  it.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)(
    'are the same however the rows are split into units, %s',
    (scdType) => {
      fc.assert(
        fc.property(rows, fc.nat(8), (all, cut) => {
          const first = applyRows([], all.slice(0, cut), scdType).versions
          const split = applyRows(first, all.slice(cut), scdType).versions
          const whole = applyRows([], all, scdType).versions
          const sorted = (list: Version[]) => list.toSorted((a, b) => (a.content < b.content ? -1 : 1))
          expect(sorted(split)).toEqual(sorted(whole))
          expect(applyRows(split, [all.at(-1)!], scdType).versions).toEqual(split)
        }),
      )
    },
  )

  it('in SCD2 show each content that was last read of a sequence, without gap or overlap, and end with what SCD1 holds', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { versions } = applyRows([], all, 'SCD_TYPE_2')
        const lastRead = new Map(all.map(({ sequence, content }) => [sequence, content]))
        expect(versions.map(({ start, content }) => [start, content])).toEqual(
          [...lastRead].toSorted(([a], [b]) => Number(a) - Number(b)),
        )
        expect(versions.map(({ end }) => end)).toEqual([...versions.slice(1).map(({ start }) => start), null])
        expect(applyRows([], all, 'SCD_TYPE_1').versions).toEqual(versions.slice(-1))
      }),
    )
  })
})
