/** One command of the page, with what the page says that it shows. */
export interface Step {
  /** The heading it stands under, without its time. */
  section: string
  command: string
  /** stdout and stderr as a terminal shows them. */
  shown: string
  exit: number
}

export interface Page {
  /** The pipeline spec of the day. */
  spec: string
  /** In the order of the page. */
  steps: Step[]
}

/**
 * Reads the page: the spec from its `yaml` block, the steps from its `console` blocks. There `$ ` begins a command, and
 * `$ echo $?` with the line below it gives the exit code of the command above; without it that is 0.
 */
export function readPage(markdown: string): Page {
  const spec = /^```yaml\n([\s\S]*?)^```$/m.exec(markdown)?.[1]
  if (spec === undefined) throw new Error('The page has no spec.')
  const steps: Step[] = []
  let section = ''
  for (const [, heading, block] of markdown.matchAll(/^## (.+)$|^```console\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) section = heading.replace(/^\d\d:\d\d /, '')
    for (const part of block?.split(/^\$ /m).slice(1) ?? []) {
      const [command = '', ...shown] = part.split('\n')
      if (command === 'echo $?') steps.at(-1)!.exit = Number(shown[0])
      else steps.push({ section, command, shown: shown.join('\n'), exit: 0 })
    }
  }
  return { spec, steps }
}

/** What differs from day to day, and nothing else: `[pattern, what stands for it]`, in this order. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/^\d\d:\d\d:\d\d (?=\S)/, 'TIME '],
  // The other program, by its path and number.
  [/(?<=open in another process: )\S+ \(PID \d+\)/, 'PROGRAM'],
  // DuckDB says which of its files it could not write, and while doing what. Without a small disk a quota stands for it.
  [/(?<=Rows could not be stored: ).*(?:No space left on device|File too large)/, 'DUCKDB: NO SPACE'],
  // Durations and sizes.
  [/\b\d[\d.]*(?:[dhm] \d\d[hms]| (?:s|B|KiB|MiB))(?=\W|$)/g, 'AMOUNT'],
  // Counts with two digits and more: 0 and single ones mean something.
  [/(?<![\w.])\d[\d,]*\d(?![\w.]*\w)/g, 'N'],
  // Columns are as wide as what is in them.
  [/(?<=\S) {2,}/g, '  '],
]

/** Lines to compare, of the page as of the program. A progress line that a slow machine adds every ten seconds is left out. */
export function comparable(text: string): string[] {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => VARIABLE.reduce((rest, [pattern, stand]) => rest.replace(pattern, stand), line).trimEnd())
  return withSortedWarnings(lines.filter((line) => !/^TIME \S+ partitions, /.test(line)))
}

/** Partitions are read side by side, and warn in any order. */
function withSortedWarnings(lines: readonly string[]): string[] {
  const sorted: string[] = []
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (lines[end]?.startsWith('TIME warning: ')) end++
    if (end === at) end++
    sorted.push(...lines.slice(at, end).toSorted())
    at = end
  }
  return sorted
}

/**
 * What the program showed, as short as the page tells it: a line `…` of the page stands for lines that were shown
 * before on this day, so that nothing is left out which the reader has not seen.
 */
export function folded(actual: readonly string[], page: readonly string[], before: ReadonlySet<string>): string[] {
  const rest = [...actual]
  const lines: string[] = []
  for (const [index, line] of page.entries()) {
    const next = page[index + 1]
    if (line !== '…') lines.push(...rest.splice(0, 1))
    else {
      while (rest.length > 0 && rest[0] !== next && before.has(rest[0]!)) rest.shift()
      lines.push('…')
    }
  }
  return [...lines, ...rest]
}
