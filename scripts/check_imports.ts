export interface Import {
  /** As written: `./feed.ts`, `node:fs`, `apache-arrow`. */
  name: string
  /** Gone when the types are stripped. */
  typeOnly: boolean
}

const STATIC = /^\s*(import|export)\s+(type\s+)?(?:(\{[^}]*\}|[\w*$,\s{}]+?)\s*from\s*)?'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'/g
const TYPE_QUERY = /(?:typeof\s+|:\s*|<\s*)import\(\s*'([^']+)'\s*\)/g

/** Every import of a TypeScript file in the project's one style (single quotes, names with their file ending). */
export function findImports(code: string): Import[] {
  const text = withoutComments(code)
  const found: Import[] = []
  for (const [, , type, names = '', name] of text.matchAll(STATIC)) {
    found.push({ name: name!, typeOnly: type !== undefined || onlyTypes(names) })
  }
  const asTypes = new Set([...text.matchAll(TYPE_QUERY)].map((match) => match.index + match[0].indexOf('import')))
  for (const match of text.matchAll(DYNAMIC)) found.push({ name: match[1]!, typeOnly: asTypes.has(match.index) })
  return found
}

/** `{ type A, type B }`. */
function onlyTypes(names: string): boolean {
  const inner = /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1]
  if (inner === undefined) return false
  const parts = inner
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.length > 0 && parts.every((part) => part.startsWith('type '))
}

/** Comments may show code. A `//` inside a text (an address) stays: it has a colon or a quote in front. */
function withoutComments(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => '\n'.repeat(comment.split('\n').length - 1))
    .replace(/(^|\s)\/\/.*$/gm, '$1')
}
