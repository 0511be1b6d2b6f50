/** Discord's epoch, 2015-01-01T00:00:00Z, in ms since 1970 (reference discord §2). */
const EPOCH_MS = 1_420_070_400_000n
/** Bits below the time: worker, process, increment. */
const LOW_BITS = 22n
const LIMIT = 1n << 64n
const LIMIT_DIGITS = String(LIMIT).length

/** True for an id as the API writes it: decimal digits without a leading zero, at most 20, below 2^64. `0` is one: the beginning of time. */
export function isSnowflake(text: unknown): text is string {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,19})$/.test(text)) return false
  return text.length < LIMIT_DIGITS || BigInt(text) < LIMIT
}

/** When the id was made, in ms since 1970. @throws SyntaxError for text that is no number: check with `isSnowflake` first. */
export function timeOfSnowflake(id: string): number {
  return Number((BigInt(id) >> LOW_BITS) + EPOCH_MS)
}

/**
 * The smallest id of this millisecond. `before` and `after` are exclusive: messages of time T and later are those after
 * `previousSnowflake(floorSnowflake(T))`, older ones those before `floorSnowflake(T)`. Times before 2015 answer `0`;
 * a fraction of a millisecond is rounded up, so that nothing older than the time has an id as high.
 */
export function floorSnowflake(time: number): string {
  const ms = BigInt(Math.ceil(time)) - EPOCH_MS
  if (ms <= 0n) return '0'
  const id = ms << LOW_BITS
  return String(id < LIMIT ? id : LIMIT - 1n)
}

/** The id before this one; `0` has none and answers itself. */
export function previousSnowflake(id: string): string {
  const value = BigInt(id)
  return value === 0n ? '0' : String(value - 1n)
}

/** For `sort`: as unsigned 64-bit numbers. As text `9` would come after `10`, as doubles neighbours would be equal. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a === b ? 0 : a < b ? -1 : 1
}
