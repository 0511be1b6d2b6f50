import { ParleyError } from '../connect/error.ts'

/** The API hands out the same page link again and again: the list would never end. */
export class PagingLoopError extends ParleyError {
  readonly code = 'PARLEY_PAGING_LOOP'
  readonly kind = 'source'

  constructor(pages: number, repeats: number) {
    super(`After ${pages} pages the same next link came ${repeats} times more.`, {
      remedy: 'Run again later; if it persists, read less at a time (a shorter window, fewer teams or channels).',
      details: { pages, repeats },
    })
  }
}
