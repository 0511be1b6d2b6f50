import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The folder with API descriptions, published examples and recorded conversations that some tests compare with:
 * `PARLEY_SHARED`, by default `../shared`. Answers undefined where it is absent, after printing what is left out;
 * with `PARLEY_REQUIRE_ALL=1` that is a failure instead.
 *
 * @example
 * const shared = sharedOrSkip('answers against the OpenAPI description')
 * describe.skipIf(shared === undefined)('…', () => { … })
 */
export function sharedOrSkip(what: string): string | undefined {
  const folder = resolve(process.env.PARLEY_SHARED ?? '../shared')
  if (existsSync(folder)) return folder
  if (process.env.PARLEY_REQUIRE_ALL === '1')
    throw new Error(`${folder} is missing, and PARLEY_REQUIRE_ALL is set: ${what}.`)
  console.warn(`Left out: ${what}. ${folder} is missing; set PARLEY_SHARED.`)
  return undefined
}
