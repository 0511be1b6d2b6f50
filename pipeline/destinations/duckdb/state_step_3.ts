import type { StateStep } from './state_step.ts'

/** What a connection's rows are anonymized with must stay. Before version 3 no rows were. */
export const ANONYMIZATION_STEP: StateStep = {
  version: 3,
  adds: [['connections', 'anonymization']],
  sql: 'ALTER TABLE parley.connections ADD COLUMN IF NOT EXISTS anonymization VARCHAR',
}
