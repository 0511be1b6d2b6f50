import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorKind } from '../libs/connect/error.ts'
import { exitCodeOfError } from '../pipeline/cli/exit_code.ts'
import { type ErrorClass, findErrorClasses } from './check_error_classes.ts'
import { listFiles } from './check_files.ts'
import { type Report, runAsScript } from './check_report.ts'

export const ERRORS_PAGE = 'docs/errors.md'
const PRODUCT = /^(bin|libs|sources|pipeline)\/.*\.(ts|js|py)$/
const PYTHON_TESTS = /(^|\/)(tests?|conftest\.py)(\/|$)|\/test_[^/]+\.py$/
const PAGES = /\.md$/
/** Where the names of environment variables come from beside the product's own code. */
const SETTINGS = /^(package\.json|\.ci\/.*|scripts\/.*\.(sh|ts)|test\/(support|simulation)\/.*\.ts)$/

/** One row of the page: what happened, what to do, which exit code. */
interface ErrorRow {
  code: string
  what: string
  remedy: string
  exit: string
}

/** Every class has a code of its own, every code is explained, and the pages name no code that does not exist. */
export function checkErrors(root: string): Report {
  const files = listFiles(root, PRODUCT).filter(({ path }) => !PYTHON_TESTS.test(path))
  const classes = findErrorClasses(files)
  const used = new Set(files.flatMap((file) => quotedCodes(file.read())))
  const variables = files.flatMap((file) =>
    [...file.read().matchAll(/\benv(?:iron\.get\("|\.)(PARLEY_\w+)/g)].map(([, name]) => name!),
  )
  const page = join(root, ERRORS_PAGE)
  const rows = existsSync(page) ? readRows(readFileSync(page, 'utf8')) : []
  return {
    summary: `${classes.length} error classes, ${rows.length} codes explained.`,
    problems: [
      ...classProblems(classes),
      ...rowProblems(rows, classes),
      ...missing(used, rows),
      ...unknownNames(root, new Set([...used, ...variables])),
    ],
  }
}

function classProblems(classes: readonly ErrorClass[]): string[] {
  const problems: string[] = []
  const owners = new Map<string, string>()
  for (const { name, path, codes, classesInFile } of classes) {
    const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
    const file = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length)
    // A folder can say the first words: duckdb/locked_error.ts has DestinationLockedError.
    if (!file.endsWith('_error') || !`_${words}`.endsWith(`_${file}`))
      problems.push(`${path}: ${name} belongs in a file ${words}.ts`)
    if (classesInFile > 1) problems.push(`${path}: has ${classesInFile} error classes; one a file`)
    for (const code of codes) {
      const owner = owners.get(code)
      if (owner !== undefined) problems.push(`${path}: ${code} is the code of ${owner} already`)
      owners.set(code, path)
    }
  }
  return problems
}

function rowProblems(rows: readonly ErrorRow[], classes: readonly ErrorClass[]): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const { code, what, remedy, exit } of rows) {
    if (seen.has(code)) problems.push(`${ERRORS_PAGE}: ${code} is explained twice`)
    seen.add(code)
    if (what.length < 10 || remedy.length < 5)
      problems.push(`${ERRORS_PAGE}: ${code} needs what happened and what to do`)
    const kind = classes.find(({ codes }) => codes.includes(code))?.kind
    if (kind !== undefined && exit !== String(exitOf(kind))) {
      problems.push(`${ERRORS_PAGE}: ${code} ends with exit code ${exitOf(kind)}, not ${exit}`)
    }
  }
  return problems
}

/** The command line's own answer for an error of this kind. */
function exitOf(kind: string): number {
  return exitCodeOfError(Object.assign(new Error(), { code: 'PARLEY_ANY', kind: kind as ErrorKind }))
}

function missing(used: ReadonlySet<string>, rows: readonly ErrorRow[]): string[] {
  const explained = new Set(rows.map(({ code }) => code))
  const absent = [...used].filter((code) => !explained.has(code)).sort()
  const strange = [...explained].filter((code) => !used.has(code)).sort()
  return [
    ...absent.map((code) => `${ERRORS_PAGE}: ${code} is not explained`),
    ...strange.map((code) => `${ERRORS_PAGE}: ${code} does not exist in the code`),
  ]
}

/** Names in the other pages: codes, or environment variables of the project and of a source's options. */
function unknownNames(root: string, ours: ReadonlySet<string>): string[] {
  const known = new Set([...ours, ...listFiles(root, SETTINGS).flatMap((file) => names(file.read()))])
  const variables = listFiles(root, /^sources\/\w+\/options\.ts$/).flatMap((file) =>
    variablesOf(file.path, file.read()),
  )
  for (const variable of variables) known.add(variable)
  return listFiles(root, PAGES)
    .filter(({ path }) => path !== ERRORS_PAGE)
    .flatMap(({ path, read }) =>
      [...new Set(names(read()))].filter((name) => !known.has(name)).map((name) => `${path}: there is no ${name}`),
    )
}

function variablesOf(path: string, code: string): string[] {
  const source = path.split('/')[1]!.toUpperCase()
  return [...code.matchAll(/^ {2}(\w+): \{/gm)].map(([, option]) => `PARLEY_${source}_${option!.toUpperCase()}`)
}

function names(text: string): string[] {
  return [...text.matchAll(/\bPARLEY_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g)].map(([name]) => name)
}

/** Codes are always whole texts, or stand after `error ` in one; a variable that Python asks its environment for is none. */
function quotedCodes(text: string): string[] {
  return [...text.matchAll(/(?<!environ\.get\()(?:['"]|error )(PARLEY_[A-Z0-9_]+)(?:['"]|: )/g)].map(
    ([, code]) => code!,
  )
}

function readRows(text: string): ErrorRow[] {
  return [...text.matchAll(/^\| `(PARLEY_\w+)` \|(.*)\|(.*)\|([^|]*)\|$/gm)].map(([, code, what, remedy, exit]) => ({
    code: code!,
    what: what!.trim(),
    remedy: remedy!.trim(),
    exit: exit!.trim(),
  }))
}

await runAsScript(import.meta.url, 'errors', checkErrors)
