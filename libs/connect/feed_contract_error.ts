import { ParleyError } from './error.ts'

/** A feed broke a rule of the seam: a bug in a source, stopped before it can lose or repeat rows. */
export class FeedContractError extends ParleyError {
  readonly code = 'PARLEY_FEED_CONTRACT'
  readonly kind = 'bug'

  constructor(feed: string, partition: string, what: string) {
    super(`Feed ${feed}, partition ${partition}: ${what}.`, {
      remedy: 'This is a bug in the source; report it with the command that showed it.',
      details: { feed, partition },
    })
  }
}
