import type { Fault } from './fault_plan.ts'

/** A page before it is written: rows, where it goes on, and what a fault may need. */
export interface Page<R> {
  rows: R[]
  next: string | undefined
  /** The link of this very page, as it was asked. */
  here: string
  /** Another link to the same place: an empty page's nextLink differs from the one before. */
  again(): string
  /** The rows of the page before, in order; asked only by `overlap`. */
  before(): R[]
}

/** Applies a page fault; other faults leave the page as it is. Rows are copied before they are changed. */
export function applyPageFault<R extends object>(page: Page<R>, fault: Fault | undefined): Page<R> {
  switch (fault?.kind) {
    case 'empty_page':
      return { ...page, rows: [], next: page.again() }
    case 'overlap':
      return { ...page, rows: [...page.before().slice(-fault.rows), ...page.rows] }
    case 'repeat_link':
      return page.next === undefined ? page : { ...page, next: page.here }
    case 'foreign_link':
      return page.next === undefined ? page : { ...page, next: page.next.replace(/^https?:\/\/[^/]+/, fault.origin) }
    case 'hostile_row':
      return { ...page, rows: page.rows.map((row, index) => (index === (fault.row ?? 0) ? spoil(row, fault) : row)) }
    default:
      return page
  }
}

function spoil<R extends object>(row: R, fault: { set?: Record<string, unknown>; drop?: string[] }): R {
  const spoiled: Record<string, unknown> = { ...row, ...fault.set }
  for (const name of fault.drop ?? []) delete spoiled[name]
  return spoiled as R
}
