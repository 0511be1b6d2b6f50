/**
 * Names of columns as people write them: a YAML list, a JSON list as text, or names with commas between them.
 * Answers `undefined` for a setting that is not there.
 */
export function parseColumns(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined
  const items = typeof value === 'string' ? splitText(value) : value
  return (Array.isArray(items) ? items : [items]).map((item) => String(item).trim()).filter((item) => item !== '')
}

function splitText(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',')
  try {
    return JSON.parse(text)
  } catch {
    // Python's own list notation (['id']) is a common slip; its names are still plain to see.
    return text
      .replace(/^\s*\[|\]\s*$/g, '')
      .split(',')
      .map((item) => item.trim().replace(/^(['"])(.*)\1$/, '$2'))
  }
}
