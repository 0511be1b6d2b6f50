/**
 * Fills the parts of a Markdown text that stand between `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
 * @throws Error when a part is unknown, absent or not closed
 */
export function replaceParts(text: string, parts: Readonly<Record<string, string>>, path: string): string {
  const found = new Set<string>()
  const filled = text.replace(
    /<!-- generated: ([\w-]+) -->\n[\s\S]*?<!-- end: ([\w-]+) -->/g,
    (_, name: string, end: string) => {
      const part = parts[name]
      if (name !== end) throw new Error(`${path}: the generated part ${name} ends as ${end}.`)
      if (part === undefined)
        throw new Error(`${path}: there is no generated part ${name}; known: ${Object.keys(parts).join(', ')}.`)
      found.add(name)
      return `<!-- generated: ${name} -->\n\n${part.trimEnd()}\n\n<!-- end: ${name} -->`
    },
  )
  const absent = Object.keys(parts).filter((name) => !found.has(name))
  if (absent.length > 0) throw new Error(`${path}: lacks the generated parts ${absent.join(', ')}.`)
  return filled
}

/** A table of cells; bars and line breaks in them are made harmless. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

export function code(text: string): string {
  return `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
