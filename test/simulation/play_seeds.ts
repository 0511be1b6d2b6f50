import { describe, expect, it } from 'vitest'
import type { Game } from './game.ts'
import { reportOf } from './report.ts'
import { simulate } from './simulate.ts'

const FIRST = Number(process.env.PARLEY_FIRST_SEED ?? 1)
const MOST_MS = 180_000

/**
 * A test for each seed, and for each plan that found a fault once.
 * @param usual seeds in CI; `npm run test:soak` sets more
 * @param found the seed, and what the fault was
 */
export function playSeeds(game: Game, usual: number, found: readonly [seed: number, fault: string][]): void {
  const count = Number(process.env.PARLEY_SEEDS ?? usual)
  const expectSound = async (seed: number): Promise<void> => {
    const plan = game.makePlan(seed)
    const result = await simulate(game, plan)
    expect(result.violations, reportOf(game.source.name, plan, result)).toEqual([])
  }
  describe(`${count} seeded plans of ${game.source.name}: worlds, faults, changes and broken-off runs`, () => {
    const seeds = Array.from({ length: count }, (_, index) => FIRST + index)

    it.each(seeds)('seed %i', expectSound, MOST_MS)
    if (found.length > 0) it.each([...found])('seed %i, which found: %s', (seed) => expectSound(seed), MOST_MS)
  })
}
