import { ParleyError } from '../../../libs/connect/error.ts'
import type { BadRequestError } from './bad_request_error.ts'

/** 400 for a list that a table option filters: the filter is passed to Graph as it is written, and Graph does not take it. */
export class FilterRejectedError extends ParleyError {
  readonly code = 'PARLEY_FILTER_REJECTED'
  readonly kind = 'usage'

  constructor(option: string, answer: BadRequestError) {
    super(`Graph does not take the filter of option ${option}: ${answer.message}`, {
      remedy: `Correct ${option}, or leave it out. It must be a $filter expression that Graph supports on this list.`,
      details: { ...answer.details, option },
      cause: answer,
    })
  }
}
