/**
 * A credential of a live API, from the environment. Answers undefined where it is absent, after printing what is left
 * out. Unlike reference data no machine has to have one: `PARLEY_REQUIRE_ALL` does not ask for it.
 */
export function tokenOrSkip(variable: string, what: string): string | undefined {
  const token = process.env[variable]
  if (token) return token
  console.warn(`Left out: ${what}. Set ${variable} to ask it; the suite only reads.`)
  return undefined
}
