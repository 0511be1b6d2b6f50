import { describe, expect, it } from 'vitest'
import { applyPageFault } from '../../../libs/simulator/page_faults.ts'
import { type PageRow, pageText, RawJson } from '../../../libs/simulator/page_json.ts'

const stored = [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }]
const rows: PageRow[] = stored.map((row) => () => row)

const page = {
  rows: rows.slice(2),
  next: 'http://127.0.0.1:1/next' as string | undefined,
  here: 'http://127.0.0.1:1/here',
  again: () => 'http://127.0.0.1:1/again',
  before: () => rows.slice(0, 2),
}

function written(fault: Parameters<typeof applyPageFault>[1], of = page): { id?: string }[] {
  return applyPageFault(of, fault).rows.map((row) => row())
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
    expect(written({ kind: 'overlap', rows: 1 })).toEqual([{ id: '2' }, { id: '3' }, { id: '4' }])
  })

  it('lead in circles or away', () => {
    expect(applyPageFault(page, { kind: 'repeat_link' }).next).toBe(page.here)
    expect(applyPageFault(page, { kind: 'foreign_link', origin: 'http://127.0.0.2:9' }).next).toBe(
      'http://127.0.0.2:9/next',
    )
    expect(applyPageFault({ ...page, next: undefined }, { kind: 'repeat_link' }).next).toBeUndefined()
  })

  it('spoil one row and not the stored one', () => {
    expect(written({ kind: 'hostile_row', row: 1, set: { body: 7 }, drop: ['id'] })).toEqual([{ id: '3' }, { body: 7 }])
    expect(stored[3]).toEqual({ id: '4' })
  })

  it('write one row as given, and none where the page has no such row', () => {
    const json = '{"id":"1","id":"2","n":9007199254740993,"__proto__":{},"text":"\\ud800"}'
    const raw = applyPageFault(page, { kind: 'raw_row', json }).rows
    expect([...pageText({ a: 1 }, raw)].join('')).toBe(`{"a":1,"value":[${json},{"id":"4"}]}`)
    expect(written({ kind: 'raw_row', row: 2, json })).toEqual([{ id: '3' }, { id: '4' }])
    expect([...pageText({}, [])].join('')).toBe('{"value":[]}')
    expect([...pageText({}, [() => new RawJson('no json')])].join('')).toBe('{"value":[no json]}')
  })

  it('shuffle the rows of a page by its link', () => {
    const long = { ...page, rows: Array.from({ length: 50 }, (_, id) => () => ({ id: String(id) })) }
    const once = written({ kind: 'shuffle' }, long)
    expect(once).not.toEqual(written(undefined, long))
    expect(new Set(once.map((row) => row.id)).size).toBe(50)
    expect(written({ kind: 'shuffle' }, long)).toEqual(once)
    expect(written({ kind: 'shuffle' }, { ...long, here: 'http://127.0.0.1:2/here' })).toEqual(once)
    expect(written({ kind: 'shuffle' }, { ...long, here: 'http://127.0.0.1:1/there' })).not.toEqual(once)
  })
})
