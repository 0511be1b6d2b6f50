import { describe, expect, it } from 'vitest'
import { makePlan } from './make_plan.ts'
import { reportOf } from './report.ts'
import { simulate } from './simulate.ts'

/** Seeds in CI; `npm run test:soak` sets more. */
const SEEDS = Number(process.env.PARLEY_SEEDS ?? 50)
const FIRST = Number(process.env.PARLEY_FIRST_SEED ?? 1)

describe(`${SEEDS} seeded plans of tenants, faults, changes and broken-off runs`, () => {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index)

  it.each(seeds)(
    'seed %i',
    async (seed) => {
      const plan = makePlan(seed)
      const result = await simulate(plan)
      expect(result.violations, reportOf(plan, result)).toEqual([])
    },
    180_000,
  )
})
