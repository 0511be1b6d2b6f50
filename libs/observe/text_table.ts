import { printable } from './format.ts'

/**
 * Rows as aligned columns with two spaces between them and no trailing blanks; numbers to the right. The first row is the head.
 * Width counts characters, which is right for the names and numbers shown here.
 */
export function textTable(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell)).replaceAll('\n', ' ')))
  const widths: number[] = []
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  const right = widths.map((_, index) => rows.length > 1 && rows.slice(1).every((row) => isNumeric(row[index])))
  const lines = cells.map((row) =>
    row
      .map((cell, index) => (right[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function isNumeric(cell: string | number | undefined): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^-?[\d,]+(\.\d+)?$/.test(cell))
}
