import { ParleyError } from '../../../libs/connect/error.ts'

/** A feed ended its read below the ceiling without a word: its rows must not count as a whole window. */
export class WindowUnfinishedError extends ParleyError {
  readonly code = 'PARLEY_WINDOW_UNFINISHED'
  readonly kind = 'bug'

  constructor(partition: string) {
    super(`${partition}: the read ended before its window did.`, {
      remedy: 'Run again; if it stays, report it with the table and its options.',
      details: { partition },
    })
  }
}
