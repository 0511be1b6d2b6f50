import { describe, expect, it } from 'vitest'
import { makePlan } from './make_plan.ts'
import { reportOf } from './report.ts'
import { simulate } from './simulate.ts'

/** Seeds in CI; `npm run test:soak` sets more. */
const SEEDS = Number(process.env.PARLEY_SEEDS ?? 50)
/** Plans that found a fault once; what it was. */
const FOUND: [seed: number, fault: string][] = [
  [981, 'a channel that went during a walk hid rows of its neighbour'],
  [849, 'a thread that left its place in a list without an order hid its neighbour from delta'],
]
const FIRST = Number(process.env.PARLEY_FIRST_SEED ?? 1)

async function expectSound(seed: number): Promise<void> {
  const plan = makePlan(seed)
  const result = await simulate(plan)
  expect(result.violations, reportOf(plan, result)).toEqual([])
}

describe(`${SEEDS} seeded plans of tenants, faults, changes and broken-off runs`, () => {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index)

  it.each(seeds)('seed %i', expectSound, 180_000)
  it.each(FOUND)('seed %i, which found: %s', expectSound, 180_000)
})
