import { isPassingTrouble } from '../../libs/connect/error.ts'
import type { Sighting } from '../../libs/connect/feed.ts'
import { shuffled } from './shuffled.ts'

/** Rows that are asked for in one listing; what is left of them waits for the next. */
const MAX_LOOKS = 500
/** The same of a listing that an option or a refusal has narrowed: it can lack the same rows for good. */
const MAX_LOOKS_NARROWED = 100
/** Refusals after which no more are asked for: where the caller may not see one, it may not see many, and refusals are counted. */
const MAX_REFUSED = 5

/**
 * Asks the API for each row that a whole listing lacks: lists also leave out what the caller may not see. A row that
 * answers, or of which nobody may say, stays; so does one that could not be asked for, until the next listing.
 *
 * @param keys as JSON text; @param seed another one for each listing, so that in the end each of many is asked for
 */
export async function lookAtRows(
  keys: readonly string[],
  look: (key: string) => Promise<Sighting>,
  { seed, narrowed }: { seed: string; narrowed: boolean },
): Promise<{ absent: string[]; kept: string[] }> {
  const asked: { absent: string[]; kept: string[] } = { absent: [], kept: [] }
  const most = narrowed ? MAX_LOOKS_NARROWED : MAX_LOOKS
  let refused = 0
  for (const [index, key] of shuffled(keys, seed).entries()) {
    const isAsked = index < most && refused < MAX_REFUSED
    const state = isAsked ? await stateOf(key, look) : 'unknown'
    if (state === 'refused') refused++
    asked[state === 'absent' ? 'absent' : 'kept'].push(key)
  }
  return asked
}

async function stateOf(key: string, look: (key: string) => Promise<Sighting>): Promise<Sighting['state'] | 'unknown'> {
  try {
    return (await look(key)).state
  } catch (error) {
    if (!isPassingTrouble(error)) throw error
    return 'unknown'
  }
}
