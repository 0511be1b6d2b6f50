import type { StateStep } from './state_step.ts'

/** What a history is ordered by must stay. Version 1 had no histories, so that nothing is known of its jobs. */
export const SEQUENCE_BY_STEP: StateStep = {
  version: 2,
  adds: [['jobs', 'sequence_by']],
  sql: 'ALTER TABLE parley.jobs ADD COLUMN IF NOT EXISTS sequence_by VARCHAR',
}
