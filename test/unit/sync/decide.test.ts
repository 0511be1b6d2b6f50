import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, fold, type Version } from '../../../pipeline/sync/decide.ts'

const at = (sequence: number | null, content: string): Version => ({ sequence, content })

describe('decide', () => {
  it.each([
    ['no version held', null, at(5, 'a'), 'insert'],
    ['same content, later', at(5, 'a'), at(6, 'a'), 'same'],
    ['same content, earlier', at(5, 'a'), at(4, 'a'), 'same'],
    ['other content, later', at(5, 'a'), at(6, 'b'), 'update'],
    ['other content, same time', at(5, 'a'), at(5, 'b'), 'replace'],
    ['other content, earlier', at(5, 'a'), at(4, 'b'), 'late'],
    ['other content, new row without a time', at(5, 'a'), at(null, 'b'), 'replace'],
    ['other content, held row without a time', at(null, 'a'), at(4, 'b'), 'replace'],
  ] as const)('%s', (_, held, row, decision) => {
    expect(decide(held, row)).toBe(decision)
  })
})

describe('fold', () => {
  it('keeps the latest sequence, then the last read, and rows without a sequence behind all others', () => {
    expect(fold([])).toBeNull()
    expect(fold([at(2, 'b'), at(1, 'a')])).toEqual(at(2, 'b'))
    expect(fold([at(1, 'a'), at(1, 'b')])).toEqual(at(1, 'b'))
    expect(fold([at(1, 'a'), at(null, 'b')])).toEqual(at(1, 'a'))
    expect(fold([at(null, 'a'), at(null, 'b')])).toEqual(at(null, 'b'))
  })

  it('answers the same version however the rows are split into units', () => {
    // The sequence is a source column, so rows of other sequences have other contents.
    const version = fc
      .record({ sequence: fc.integer({ min: 0, max: 3 }), text: fc.constantFrom('a', 'b', 'c') })
      .map(({ sequence, text }) => at(sequence, `${sequence} ${text}`))
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 8 }), fc.nat(8), (rows, cut) => {
        const whole = apply(null, fold(rows)!)
        const [head, tail] = [fold(rows.slice(0, cut)), fold(rows.slice(cut))]
        const first = head === null ? null : apply(null, head)
        expect(tail === null ? first : apply(first, tail)).toEqual(whole)
      }),
    )
  })
})

function apply(held: Version | null, row: Version): Version {
  return ['insert', 'update', 'replace'].includes(decide(held, row)) ? row : held!
}
