/** One module of the Python package, taken apart. Written by one formatter, so that lines can be relied on. */
export interface PythonModule {
  name: string
  /** What its docstring says. */
  doc: string
  /** Absolute imports, each as one statement without line breaks. */
  imports: string[]
  /** Modules of the package that it needs. */
  needs: string[]
  /** Everything below the imports. */
  body: string
  /** What the body defines at its top. */
  defines: string[]
}

const DOC = /^"""([\s\S]*?)"""\n/
const IMPORT = /^(?:import .+|from \S+ import (?:\([\s\S]*?\)|.+))\n/
const RELATIVE = /^from \.(\w+) import (.+)$/
const DEFINED = /^(?:class|def) (\w+)|^(\w+)(?:: [^=]+)? = /gm

/** @throws TypeError for what the merge cannot keep the meaning of */
export function parsePython(name: string, text: string): PythonModule {
  const doc = DOC.exec(text)
  if (doc === null) throw new TypeError(`${name}.py has no docstring.`)
  let rest = text.slice(doc[0].length).trimStart()
  const statements: string[] = []
  for (let match = IMPORT.exec(rest); match !== null; match = IMPORT.exec(rest)) {
    statements.push(oneLine(match[0]))
    rest = rest.slice(match[0].length).trimStart()
  }
  const needs: string[] = []
  const imports: string[] = []
  for (const statement of statements) {
    const relative = RELATIVE.exec(statement)
    // A second name would have to be bound again; a module of the package has no names of its own after the merge.
    if (/ import .* as /.test(statement) || statement.startsWith('from . '))
      throw new TypeError(`${name}.py: ${statement}`)
    if (relative !== null) needs.push(relative[1]!)
    else if (statement !== 'from __future__ import annotations') imports.push(statement)
  }
  const defines = [...rest.matchAll(DEFINED)].map(([, block, variable]) => (block ?? variable)!)
  return { name, doc: doc[1]!.trim(), imports, needs, body: rest.trimEnd(), defines }
}

function oneLine(statement: string): string {
  return statement
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\(\s*/, '')
    .replace(/,?\s*\)/, '')
}
