import { listFiles, type ProjectFile } from './check_files.ts'
import { type Report, runAsScript } from './check_report.ts'

const SOURCES = /^(bin|libs|sources|pipeline|scripts)\/.*\.(ts|js|py|sh)$/
const TESTS = /^test\/.*\.(ts|py)$/
/** Made by a program, or read by one only. */
const GENERATED = /(^|\/)_generated_/

const MOST_SOURCE_LINES = 300
const MOST_TEST_LINES = 500

/** Files that may be longer, each with the reason. An entry that is no longer needed is a problem too. */
export const exceptions: Readonly<Record<string, string>> = {}

/** No source file above 300 lines, no test above 500. */
export function checkSize(root: string, excepted: Readonly<Record<string, string>> = exceptions): Report {
  const sources = measure(listFiles(root, SOURCES))
  const tests = measure(listFiles(root, TESTS))
  const long = [...tooLong(sources, MOST_SOURCE_LINES), ...tooLong(tests, MOST_TEST_LINES)]
  const needless = Object.keys(excepted).filter((path) => !long.some((file) => file.path === path))
  return {
    summary: `${describe(sources, 'source files')}; ${describe(tests, 'test files')}.`,
    problems: [
      ...long
        .filter(({ path }) => !(path in excepted))
        .map(({ path, lines, most }) => `${path}: ${lines} lines, at most ${most}`),
      ...needless.map((path) => `${path}: is short enough and needs no exception`),
    ],
  }
}

interface Measured {
  path: string
  lines: number
}

function measure(files: ProjectFile[]): Measured[] {
  return files
    .filter(({ path }) => !GENERATED.test(path))
    .map((file) => ({ path: file.path, lines: file.read().trimEnd().split('\n').length }))
}

function tooLong(files: Measured[], most: number): (Measured & { most: number })[] {
  return files.filter(({ lines }) => lines > most).map((file) => ({ ...file, most }))
}

function describe(files: Measured[], what: string): string {
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return `${files.length} ${what}, median ${median} lines, longest ${sorted.at(-1) ?? 0}`
}

await runAsScript(import.meta.url, 'size', checkSize)
