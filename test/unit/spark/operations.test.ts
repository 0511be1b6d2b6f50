import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FRAMEWORK_OPTIONS } from '../../../pipeline/connection/allow_list.ts'
import readerOptions from '../../../pipeline/connection/reader_options.json' with { type: 'json' }
import { findErrorClasses } from '../../../scripts/check_error_classes.ts'
import { listFiles } from '../../../scripts/check_files.ts'
import { projectRoot } from '../../../scripts/check_report.ts'
import { sources } from '../../../sources/registry.ts'

const python = (file: string) => readFileSync(join(projectRoot, 'pipeline/spark/parley_spark', file), 'utf8')
const all = await Promise.all(Object.values(sources).map(async (load) => (await load()).source))
const operations = python('operations.py')
const words = (name: string) =>
  [...new RegExp(`^${name} = \\((.*)\\)`, 'm').exec(operations)![1]!.matchAll(/"(\w+)"/g)].map(([, one]) => one!)
const reserved = words('RESERVED_OPTIONS')
const parameters = [...operations.matchAll(/Parameter\("(\w+)"/g)].map(([, name]) => name!)

it('words to an operation are those of the interface, and Databricks lets them and all parameters through', () => {
  expect(reserved).toEqual(['operation', 'search', 'path', 'name', 'metadataKey'])
  expect(parameters.length).toBeGreaterThan(5)
  expect(FRAMEWORK_OPTIONS).toEqual(expect.arrayContaining([...reserved, ...parameters, ...words('NAMESPACES')]))
})

it.each(all)('$name declares no option that an operation would take from it, nor does the reader', ({ options }) => {
  const taken = new Set([...reserved, ...parameters].map((name) => name.toLowerCase()))
  const declared = [...Object.keys(options), ...Object.keys(readerOptions)]
  expect(declared.filter((name) => taken.has(name.toLowerCase()))).toEqual([])
})

/** What a child never runs: building and simulating, the command line, destinations, and what only writing meets. */
const ELSEWHERE = /simulator|^pipeline\/(?!spark\/)/

/** Nothing that whoever asks could mend, or what no operation meets: `internal_error`. */
const INTERNAL = new Set<string>([
  'PARLEY_BATCH_TOO_LARGE',
  'PARLEY_CURSOR_EXPIRED',
  'PARLEY_CURSOR_INVALID',
  'PARLEY_DISCORD_LIST_TIED',
  'PARLEY_DISCORD_LIST_UNSTEADY',
  'PARLEY_FEED_CONTRACT',
  'PARLEY_PAGING_LOOP',
  'PARLEY_READER_GONE',
  'PARLEY_RESPONSE_TOO_LARGE',
  'PARLEY_ROW_REJECTED',
  'PARLEY_SCHEMA_MISMATCH',
  'PARLEY_SPARK_REQUEST_INVALID',
  'PARLEY_WINDOW_UNFINISHED',
  'PARLEY_WINDOW_UNSTABLE',
])

it('every error of a source has a code that agents know, once', () => {
  const table = python('agent_codes.py').split('AGENT_CODES = {')[1]!
  const known = [...table.split('\n}')[0]!.matchAll(/\bPARLEY_\w+/g)].map(([code]) => code)
  expect(known.length).toBe(new Set(known).size)
  const explained = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8')
  expect(known.filter((code) => !explained.includes(`| \`${code}\` |`))).toEqual([])
  const classes = findErrorClasses(listFiles(projectRoot, /^(libs|sources|pipeline)\/.*\.ts$/))
  const met = classes.filter(({ path }) => !ELSEWHERE.test(path))
  const codes = new Set(met.flatMap((one) => one.codes))
  expect(codes.size).toBeGreaterThan(50)
  expect([...codes].filter((code) => !known.includes(code) && !INTERNAL.has(code))).toEqual([])
  expect([...INTERNAL].filter((code) => known.includes(code) || !codes.has(code))).toEqual([])
})
