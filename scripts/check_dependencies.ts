import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { listFiles } from './check_files.ts'
import { findImports, type Import } from './check_imports.ts'
import { type Report, runAsScript } from './check_report.ts'

const CODE = /^(libs|sources|pipeline)\/.*\.ts$/
const REGISTRY = 'sources/registry.ts'
const LIBRARY_ENTRY = 'sources/index.ts'

/** Packages that only building uses: the bundle is made in a clone, and the package carries it ready-made. */
const BUILD_PACKAGES: Readonly<Record<string, string>> = {
  esbuild: 'pipeline/bundle/',
  fflate: 'pipeline/bundle/',
}

/** Sources -> libs; pipeline -> libs, and to sources only through the registry; nothing -> pipeline/cli. */
export function checkDependencies(root: string): Report {
  const packages = declaredPackages(root)
  const problems: string[] = []
  let count = 0
  for (const file of listFiles(root, CODE)) {
    for (const found of findImports(file.read())) {
      count++
      const problem = found.name.startsWith('.')
        ? wrongFile(file.path, posix.join(posix.dirname(file.path), found.name), found)
        : wrongPackage(file.path, found.name, packages)
      if (problem !== undefined) problems.push(`${file.path}: ${problem}`)
    }
  }
  return { summary: `${count} imports.`, problems }
}

function wrongFile(from: string, to: string, { typeOnly }: Import): string | undefined {
  const [room] = from.split('/')
  const [target] = to.split('/')
  if (to.startsWith('pipeline/cli/') && !from.startsWith('pipeline/cli/'))
    return `imports ${to}; nothing imports the command line`
  if (isSimulator(to) && !isSimulator(from) && from !== REGISTRY && !typeOnly) {
    return `imports ${to}; simulators are reached through ${REGISTRY} only`
  }
  if (room === 'libs' && (target === 'sources' || target === 'pipeline'))
    return `imports ${to}; libs know neither sources nor pipeline`
  if (room === 'sources' && target === 'pipeline') return `imports ${to}; sources know nothing of the pipeline`
  if (room === 'sources' && target === 'sources') return wrongSource(from, to)
  if (room === 'pipeline' && target === 'sources' && to !== REGISTRY)
    return `imports ${to}; sources are reached through ${REGISTRY} only`
  return undefined
}

/** The registry and the library's entry list the sources; a source knows itself only. */
function wrongSource(from: string, to: string): string | undefined {
  if (from === REGISTRY) return undefined
  if (from === LIBRARY_ENTRY)
    return /^sources\/\w+\/index\.ts$/.test(to) ? undefined : `imports ${to}; it lists the sources' index.ts only`
  return from.split('/')[1] === to.split('/')[1] ? undefined : `imports ${to}; a source imports no other source`
}

function isSimulator(path: string): boolean {
  return path.startsWith('libs/simulator/') || /^sources\/\w+\/simulator\//.test(path)
}

function wrongPackage(from: string, name: string, declared: ReadonlySet<string>): string | undefined {
  if (isBuiltin(name)) return name.startsWith('node:') ? undefined : `imports ${name}; write node:${name}`
  const [scope = '', rest = ''] = name.split('/')
  const packageName = scope.startsWith('@') ? `${scope}/${rest}` : scope
  const builds = BUILD_PACKAGES[packageName]
  if (declared.has(packageName) || (builds !== undefined && from.startsWith(builds))) return undefined
  return `imports ${packageName}, which is not among the dependencies of package.json`
}

function declaredPackages(root: string): ReadonlySet<string> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return new Set(Object.keys(dependencies))
}

await runAsScript(import.meta.url, 'dependencies', checkDependencies)
