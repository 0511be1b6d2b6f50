import { SEQUENCE_BY_STEP } from './state_step_2.ts'
import { ANONYMIZATION_STEP } from './state_step_3.ts'

/** What a release does to the state of the one before. A file each, `state_step_<version>.ts`; they never change. */
export interface StateStep {
  /** The version the state has after it. */
  version: number
  /** Columns that it adds: table and name. Before it they are not there. */
  adds: readonly (readonly [table: string, column: string])[]
  /** May run twice: a process can be killed before the version is written. */
  sql: string
}

/** In order. The first release had version 1. */
export const STATE_STEPS: readonly StateStep[] = [SEQUENCE_BY_STEP, ANONYMIZATION_STEP]

export const STATE_VERSION = 1 + STATE_STEPS.length
