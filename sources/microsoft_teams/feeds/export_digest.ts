import { hash } from 'node:crypto'

/**
 * An order-free digest of the rows of a walk: their number and the sum of a 64-bit hash of each row's
 * (key, lastModifiedDateTime). Two walks of the same window that agree saw the same rows in the same versions.
 */
export function extendDigest(digest: string, hashes: readonly bigint[]): string {
  const [count, sum] = digest.split(':') as [string, string]
  let total = BigInt(`0x${sum}`)
  for (const value of hashes) total += value
  return `${Number(count) + hashes.length}:${BigInt.asUintN(64, total).toString(16)}`
}

/** 64 bits of SHA-256. */
export function hash64(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigUInt64LE(0)
}
