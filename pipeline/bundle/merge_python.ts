import { type PythonModule, parsePython } from './python_module.ts'

export interface MergedPython {
  /** Import lines for the top of the file, sorted. */
  imports: string[]
  /** The modules' code for the inside of one function, indented, in the order of their needs. */
  body: string
}

/**
 * One scope of many modules. What is defined inside a function is pickled by value, and so arrives where the file
 * cannot be imported.
 * @param files text by file name
 * @throws TypeError if two modules define the same name, or need each other
 */
export function mergePython(files: ReadonlyMap<string, string>): MergedPython {
  const modules = [...files].map(([file, text]) => parsePython(file.replace(/\.py$/, ''), text))
  checkNames(modules)
  const ordered = inOrder(modules)
  const imports = combineImports(ordered.flatMap((one) => one.imports))
  return { imports, body: ordered.map(section).join('\n\n') }
}

function checkNames(modules: readonly PythonModule[]): void {
  const owners = new Map<string, string>()
  for (const { name, defines } of modules) {
    for (const defined of new Set(defines)) {
      const other = owners.get(defined)
      if (other !== undefined) throw new TypeError(`${other}.py and ${name}.py both define ${defined}.`)
      owners.set(defined, name)
    }
  }
}

/** Needed ones first, otherwise by name. */
function inOrder(modules: readonly PythonModule[]): PythonModule[] {
  const byName = new Map(modules.map((one) => [one.name, one]))
  const done: PythonModule[] = []
  const open = new Set<string>()
  const visit = (module: PythonModule): void => {
    if (done.includes(module)) return
    if (open.has(module.name)) throw new TypeError(`${module.name}.py needs itself: ${[...open].join(', ')}.`)
    open.add(module.name)
    for (const name of module.needs) {
      const needed = byName.get(name)
      if (needed === undefined) throw new TypeError(`${module.name}.py needs ${name}.py, which is not there.`)
      visit(needed)
    }
    done.push(module)
  }
  for (const name of [...byName.keys()].sort()) visit(byName.get(name)!)
  return done
}

/** `from a import b` of all modules as one statement, sorted as Python's linters want it. */
export function combineImports(statements: readonly string[]): string[] {
  const plain = new Set(statements.filter((one) => one.startsWith('import ')))
  const from = new Map<string, Set<string>>()
  for (const statement of statements) {
    const match = /^from (\S+) import (.+)$/.exec(statement)
    if (match === null) continue
    const names = from.get(match[1]!) ?? new Set()
    from.set(match[1]!, names)
    for (const name of match[2]!.split(',')) names.add(name.trim())
  }
  const froms = [...from].map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`)
  return [...[...plain].sort(), ...froms.sort()]
}

function section({ name, doc, body }: PythonModule): string {
  const title = `# ${`--- ${name}: `.padEnd(8)}`.trimEnd()
  const about = doc.split('\n').map((line) => `# ${line}`.trimEnd())
  return [title, ...about, '', ...body.split('\n')].map((line) => (line === '' ? '' : `    ${line}`)).join('\n')
}
