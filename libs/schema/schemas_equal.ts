import { type Schema, util } from 'apache-arrow'

/**
 * Same names, types and nullability in the same order, by the comparison of Arrow's writer itself: it drops a
 * batch of another schema without an error, so whoever writes compares first. Metadata does not count.
 */
export function schemasEqual(a: Schema, b: Schema): boolean {
  return util.compareSchemas(a, b)
}
