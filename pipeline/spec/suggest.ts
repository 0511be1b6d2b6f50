/** The known name nearest to a mistyped one, or `undefined` when none is near enough to be meant. Case counts as equal. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase().slice(0, 100)
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  const bound = Math.max(1, Math.floor(Math.max(wanted.length, best?.name.length ?? 0) / 3))
  return best !== undefined && best.distance <= bound ? best.name : undefined
}

/** A remedy for a name that is not known. */
export function suggestRemedy(given: string, known: readonly string[]): string {
  const near = suggest(given, known)
  return `${near === undefined ? '' : `Did you mean ${near}? `}Known: ${known.join(', ')}.`
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
