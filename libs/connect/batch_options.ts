import type { OptionSet } from './options.ts'

/** Table options that every source has: how much a batch may hold, and what a row keeps. */
export const batchOptions = {
  max_pages_per_batch: {
    type: 'integer',
    scope: 'table',
    min: 1,
    description: 'Ends a batch (never a table) after this many pages. Default: no bound.',
  },
  max_records_per_batch: {
    type: 'integer',
    scope: 'table',
    min: 0,
    description: 'Ends a batch (never a table) after this many rows. Default, and 0: no bound.',
  },
  include_raw: {
    type: 'boolean',
    scope: 'table',
    default: false,
    description: "Keep each row's whole JSON in the column _raw. Costs about twice the time and three times the bytes.",
  },
} as const satisfies OptionSet
