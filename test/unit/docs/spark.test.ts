import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sparkType } from '../../../libs/schema/spark.ts'
import { bundleFolder } from '../../../pipeline/bundle/bundle_folder.ts'
import { SPARK_OPTIONS } from '../../../pipeline/spec/spark_options.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'
import { problemsOf, referencesOf } from '../../support/page_references.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGE = 'docs/spark.md'
const text = readFileSync(join(ROOT, PAGE), 'utf8')
const section = (title: string) => text.split(`## ${title}\n`)[1]!.split('\n## ')[0]!
/** The code behind a line such as "`conf/spark-defaults.conf`:". */
const blockOf = (file: string) => new RegExp(`^\`${file}\`:\n\n\`\`\`\\w*\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1]
const table = (name: string) => microsoftTeams.tables.find((one) => one.name === name)!

it.each([
  'spark-pipeline.yml',
  'conf/spark-defaults.conf',
  'transformations/microsoft_teams.py',
  'transformations/latest.sql',
])('%s of the project is the one that the test runs', (file) => {
  expect(blockOf(file)).toBe(readFileSync(join(ROOT, 'test/spark/pipelines_project', file), 'utf8'))
})

it('what is promised names tests that are there', () => {
  const references = referencesOf(PAGE, section('What is promised'))
  expect(references.length).toBeGreaterThan(15)
  expect(problemsOf(references)).toEqual([])
})

it('every option of the reader has a line, and no other', () => {
  const named = [...section('The data source itself').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  const options = named.filter((name) => !name!.startsWith('_') && name !== 'tableName')
  expect(options.sort()).toEqual(Object.keys(SPARK_OPTIONS).sort())
})

it('every operation for agents has a line, with its columns, and every code that they know is named', () => {
  const page = section('Operations for agents')
  const code = (file: string) => readFileSync(join(ROOT, 'pipeline/spark/parley_spark', file), 'utf8')
  const [, operations] = code('operations.py').split('OPERATIONS = {')
  const names = [...operations!.matchAll(/^ {4}"(\w+)": Operation\(/gm)].map(([, name]) => name!)
  const named = [...page.matchAll(/^\| `(\w+)` \| (?!options)/gm)].map(([, name]) => name!)
  expect(named).toEqual([...names, 'read_table'])
  const columns = [...operations!.matchAll(/text_columns\((.*)\)/g)].flatMap(([, list]) => list!.match(/\w+/g) ?? [])
  const codes = [...code('agent_codes.py').matchAll(/"([a-z_]+)"/g)].map(([, name]) => name!)
  expect(columns.length + codes.length).toBeGreaterThan(15)
  expect([...columns, ...codes].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

it('the folder has the files that the page names', async () => {
  const files = [...(await bundleFolder('microsoft_teams')).keys()]
  const named = [...section('The folder').matchAll(/`([\w./-]+)`/g)].map(([, name]) => name!)
  const paths = named.filter((name) => name.includes('.') || name.endsWith('/'))
  expect(paths.filter((path) => !files.some((file) => file.startsWith(path) || file.endsWith(`/${path}`)))).toEqual([])
})

it('keys and types that differ from the original connector are those of the tables', () => {
  const page = section('Coming from the original connector')
  const keys = [...page.matchAll(/^\| `(\w+)` \| `id` \| (.+) \|$/gm)]
  expect(keys).toHaveLength(5)
  for (const [, name, here] of keys)
    expect(
      [...here!.matchAll(/`(\w+)`/g)].map(([, key]) => key),
      name,
    ).toEqual(table(name!).primaryKeys)
  const rows = [...page.matchAll(/^\| (`\w+\.\w+`.*?) \| `STRING`.*? \| `(\w+)` \|/gm)]
  const columns = rows.flatMap(([, named, here]) =>
    [...named!.matchAll(/`(\w+)\.(\w+)`/g)].map((one) => [...one, here]),
  )
  expect(columns.length).toBeGreaterThan(15)
  for (const [, name, column, here] of columns)
    expect(sparkType(table(name!).schema.fields[column!]!).split('<')[0], `${name}.${column}`).toBe(here)
})
