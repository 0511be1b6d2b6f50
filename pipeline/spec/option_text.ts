/**
 * The options of a `table_configuration` as the text that Spark passes on. Unset (`null`) entries are left out, so
 * they take their default; booleans and numbers are written as JSON writes them; lists and mappings as JSON.
 */
export function toOptionTexts(configuration: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(configuration)) {
    if (value === null || value === undefined) continue
    texts[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return texts
}
