import type { Fault } from './fault_plan.ts'
import { type PageRow, RawJson } from './page_json.ts'
import { hashText, seededRandom } from './random.ts'

/** A page before it is written: rows, where it goes on, and what a fault may need. */
export interface Page {
  rows: PageRow[]
  next: string | undefined
  /** The link of this very page, as it was asked. */
  here: string
  /** Another link to the same place: an empty page's nextLink differs from the one before. */
  again(): string
  /** The rows of the page before, in order; asked only by `overlap`. */
  before(): PageRow[]
}

/** Applies a page fault; other faults leave the page as it is. Rows are copied before they are changed. */
export function applyPageFault(page: Page, fault: Fault | undefined): Page {
  switch (fault?.kind) {
    case 'empty_page':
      return { ...page, rows: [], next: page.again() }
    case 'overlap':
      return { ...page, rows: [...page.before().slice(-fault.rows), ...page.rows] }
    case 'repeat_link':
      return page.next === undefined ? page : { ...page, next: page.here }
    case 'foreign_link':
      return page.next === undefined ? page : { ...page, next: page.next.replace(/^https?:\/\/[^/]+/, fault.origin) }
    case 'shuffle':
      return { ...page, rows: shuffled(page) }
    case 'hostile_row':
      return replaceRow(page, fault.row, (row) => () => spoil(row(), fault))
    case 'raw_row':
      return replaceRow(page, fault.row, () => () => new RawJson(fault.json))
    default:
      return page
  }
}

/** Row 0 where none is named; a row beyond the page is none. */
function replaceRow(page: Page, at: number | undefined, change: (row: PageRow) => PageRow): Page {
  return { ...page, rows: page.rows.map((row, index) => (index === (at ?? 0) ? change(row) : row)) }
}

function spoil(row: object, fault: { set?: Record<string, unknown>; drop?: string[] }): object {
  const spoiled: Record<string, unknown> = { ...row, ...fault.set }
  for (const name of fault.drop ?? []) delete spoiled[name]
  return spoiled
}

/** An order that follows from the page's own link. */
function shuffled(page: Page): PageRow[] {
  const random = seededRandom(hashText(page.here.replace(/^https?:\/\/[^/]+/, '')))
  const rows = [...page.rows]
  for (let at = rows.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    ;[rows[at], rows[other]] = [rows[other]!, rows[at]!]
  }
  return rows
}
