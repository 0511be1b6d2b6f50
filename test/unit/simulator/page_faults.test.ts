import { describe, expect, it } from 'vitest'
import { applyPageFault } from '../../../libs/simulator/page_faults.ts'

const page = {
  rows: [{ id: '3' }, { id: '4' }],
  next: 'http://127.0.0.1:1/next' as string | undefined,
  here: 'http://127.0.0.1:1/here',
  again: () => 'http://127.0.0.1:1/again',
  before: () => [{ id: '1' }, { id: '2' }],
}

describe('page faults', () => {
  it('leave a good page alone', () => {
    expect(applyPageFault(page, undefined)).toBe(page)
    expect(applyPageFault(page, { kind: 'drip', chunk_bytes: 1, every_ms: 1 })).toBe(page)
  })

  it('empty a page whose rows come with the next link', () => {
    expect(applyPageFault(page, { kind: 'empty_page' })).toMatchObject({ rows: [], next: 'http://127.0.0.1:1/again' })
  })

  it('repeat rows of the page before', () => {
    expect(applyPageFault(page, { kind: 'overlap', rows: 1 }).rows.map((row) => row.id)).toEqual(['2', '3', '4'])
  })

  it('lead in circles or away', () => {
    expect(applyPageFault(page, { kind: 'repeat_link' }).next).toBe(page.here)
    expect(applyPageFault(page, { kind: 'foreign_link', origin: 'http://127.0.0.2:9' }).next).toBe(
      'http://127.0.0.2:9/next',
    )
    expect(applyPageFault({ ...page, next: undefined }, { kind: 'repeat_link' }).next).toBeUndefined()
  })

  it('spoil one row and not the stored one', () => {
    const spoiled = applyPageFault(page, { kind: 'hostile_row', row: 1, set: { body: 7 }, drop: ['id'] })
    expect(spoiled.rows).toEqual([{ id: '3' }, { body: 7 }])
    expect(page.rows[1]).toEqual({ id: '4' })
  })
})
