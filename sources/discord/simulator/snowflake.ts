import type { Instant } from '../../../libs/connect/instant.ts'
import { hashNumbers } from '../../../libs/simulator/random.ts'

/** Ids count milliseconds from the first second of 2015 (reference §2). */
export const DISCORD_EPOCH = 1_420_070_400_000

const INCREMENTS = 4096

/** Order of two ids as numbers: decimal text without leading zeros, so the longer one is greater. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

export function timeOfId(id: string): Instant {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH
}

/** The least id of a millisecond: what a crawler makes from a time. */
export function idFloor(at: Instant): string {
  return (BigInt(Math.max(0, at - DISCORD_EPOCH)) << 22n).toString()
}

/**
 * Makes ids that no other thing of the simulator has. Ids of one millisecond come from one worker and follow the order
 * in which they were asked for; the first one of a full second has no low bits at all, so that it lies exactly on the
 * border that `floor(t)` makes.
 */
export class Snowflakes {
  #used = new Map<Instant, number>()

  next(at: Instant): string {
    let used = this.#used.get(at) ?? 0
    let time = at
    while (used >= INCREMENTS) used = this.#used.get(++time) ?? 0
    this.#used.set(time, used + 1)
    const worker = time % 1000 === 0 ? 0 : hashNumbers(time, 1) % 1024
    return compose(time - DISCORD_EPOCH, worker * INCREMENTS + used)
  }
}

const SPLIT = 100_000

/** `ms * 2^22 + low` as text, in two parts that doubles hold exactly: a quarter of a million ids are made at a start. */
function compose(ms: number, low: number): string {
  const lower = (ms % SPLIT) * 4_194_304 + low
  const upper = Math.floor(ms / SPLIT) * 4_194_304 + Math.floor(lower / SPLIT)
  return `${upper}${String(lower % SPLIT).padStart(5, '0')}`
}
