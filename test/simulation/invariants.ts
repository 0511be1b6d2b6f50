import { noKeyTwice } from './check_keys.ts'
import { neverEarly, runEnds, statusAgrees } from './check_run.ts'
import { coverageIsLegal, cursorsAreSound, neverBack } from './check_state.ts'
import type { Check, Facts } from './game.ts'

/** Invariants after each run, also a broken one; names as in pipeline/sync/SYNC.md. Some are the source's own to check. */
export const INVARIANTS: Readonly<Record<string, Check>> = {
  I1: noKeyTwice,
  I2: (facts) => facts.game.nothingInvented(facts),
  I3: (facts) => facts.game.claimsHold(facts),
  I4: (facts) => facts.game.nothingUndone(facts),
  I5: neverBack,
  I6: coverageIsLegal,
  I7: cursorsAreSound,
  I8: runEnds,
  I9: statusAgrees,
  I10: neverEarly,
}

/** What is violated after one run. */
export function violationsOf(facts: Facts): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) => check(facts).map((problem) => `${name} ${problem}`))
}
