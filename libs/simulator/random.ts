/** A seeded source of chance: the same seed gives the same simulator, fault for fault. */
export interface Random {
  /** [0, 1) */
  next(): number
  /** Whole number in [0, below). */
  below(below: number): number
  pick<T>(items: readonly T[]): T
}

/** mulberry32: small, quick, and good enough for test data. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { next, below, pick: (items) => items[below(items.length)]! }
}

/** 32-bit FNV-1a of a text, then mixed: close texts get far numbers. */
export function hashText(text: string, seed = 0): number {
  let hash = 2166136261 ^ seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  return mix(hash)
}

/** Hash of two numbers (milliseconds exceed 32 bits: both halves count). */
export function hashNumbers(a: number, b: number): number {
  const high = Math.floor(a / 4294967296)
  return mix(
    mix((a >>> 0) ^ Math.imul(high, 0x9e3779b1)) ^ mix((b >>> 0) ^ Math.imul(Math.floor(b / 4294967296), 0x85ebca6b)),
  )
}

/** The finaliser of murmur3. */
export function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A GUID that follows from a text and nothing else. */
export function stableGuid(text: string, seed = 0): string {
  const hex = [1, 2, 3, 4]
    .map((part) =>
      hashText(text, mix(seed * 4 + part))
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
