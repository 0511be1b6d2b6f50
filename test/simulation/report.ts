import type { SimulationPlan } from './plan_types.ts'
import type { SimulationResult } from './simulate.ts'

/** The one command that plays a seed again, with every event. */
export const commandOf = (seed: number): string => `npm run simulate:seed -- ${seed}`

/** What went wrong, the runs up to there, the plan, and how to see it again. */
export function reportOf(plan: SimulationPlan, { violations, runs }: SimulationResult): string {
  const { runs: planned, ...rest } = plan
  return [
    `seed ${plan.seed} violates:`,
    ...violations.map((violation) => `  ${violation}`),
    'runs:',
    ...runs.map((run) => `  ${run}`),
    `plan: ${JSON.stringify(rest)}`,
    ...planned.map((run, index) => `  run ${index + 1}: ${JSON.stringify(run)}`),
    `again: ${commandOf(plan.seed)}`,
  ].join('\n')
}
