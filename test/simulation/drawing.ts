import { hashText, seededRandom } from '../../libs/simulator/random.ts'

/** Seeded draws of one concern. */
export interface Draw {
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean
  /** One of these, each as likely as the others. */
  of<T>(...items: readonly [T, ...T[]]): T
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** A list of `least` to `most` things. */
  list<T>(least: number, most: number, make: () => T): T[]
}

/** Each concern has a stream of its own, so that a new draw in one changes nothing in the others. */
export function drawFor(seed: number, concern: string): Draw {
  const random = seededRandom(hashText(concern, seed))
  const between = (low: number, high: number) => low + random.below(high - low + 1)
  return {
    chance: (probability) => random.next() < probability,
    of: (...items) => random.pick(items),
    between,
    list: (least, most, make) => Array.from({ length: between(least, most) }, make),
  }
}
