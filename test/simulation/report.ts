import type { Plan } from './plan_types.ts'
import type { SimulationResult } from './simulate.ts'

/** What went wrong, the runs up to there, the plan, and the one command that plays it again. */
export function reportOf(source: string, plan: Plan, { violations, runs }: SimulationResult): string {
  const { runs: planned, ...rest } = plan
  return [
    `seed ${plan.seed} of ${source} violates:`,
    ...violations.map((violation) => `  ${violation}`),
    'runs:',
    ...runs.map((run) => `  ${run}`),
    `plan: ${JSON.stringify(rest)}`,
    ...planned.map((run, index) => `  run ${index + 1}: ${JSON.stringify(run)}`),
    `again, with every event: npm run simulate:seed -- ${source} ${plan.seed}`,
  ].join('\n')
}
