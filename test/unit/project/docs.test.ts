import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { FRAMEWORK_OPTIONS } from '../../../pipeline/connection/allow_list.ts'
import { connectorSpec } from '../../../scripts/docs_connector_spec.ts'
import { connectionOptions, ignoredOptions, tableOptions } from '../../../scripts/docs_options.ts'
import { markdownTable, replaceParts } from '../../../scripts/docs_parts.ts'
import { readerOptionsFile, sparkOptions } from '../../../scripts/docs_spark_options.ts'
import { tableDetails } from '../../../scripts/docs_tables.ts'
import * as library from '../../../sources/index.ts'
import { sources } from '../../../sources/registry.ts'
import { projectFolder } from './project_folder.ts'

const all = await Promise.all(Object.values(sources).map(async (load) => (await load()).source))

test('fills the parts between markers and nothing else', () => {
  const page = 'a\n<!-- generated: x -->\nold\n<!-- end: x -->\nb\n'
  const filled = 'a\n<!-- generated: x -->\n\nnew\n\n<!-- end: x -->\nb\n'
  expect(replaceParts(page, { x: 'new\n' }, 'p.md')).toBe(filled)
  expect(replaceParts(filled, { x: 'new\n' }, 'p.md')).toBe(filled)
})

test.each([
  ['<!-- generated: y -->\n<!-- end: y -->', 'there is no generated part y'],
  ['<!-- generated: x -->\n<!-- end: y -->', 'the generated part x ends as y'],
  ['no markers', 'lacks the generated parts x'],
])('refuses %s', (page, words) => {
  expect(() => replaceParts(page, { x: '' }, 'p.md')).toThrow(words)
})

test('a bar in a cell does not end it', () => {
  expect(markdownTable(['a'], [['x|y\nz']])).toBe('| a |\n| --- |\n| x\\|y z |\n')
})

test.each(all)(
  '$name: the connector spec lets every table option through and asks for every connection option',
  (source) => {
    const spec = load(connectorSpec(source, ['shard'])) as {
      connection: {
        parameters: { name: string }[]
        auth_methods?: { parameters: { name: string; required: boolean }[] }[]
      }
      external_options_allowlist: string
    }
    const scope = (wanted: string) =>
      Object.keys(source.options).filter((name) => source.options[name]!.scope === wanted)
    const allowed = spec.external_options_allowlist.split(',')
    expect(allowed).toEqual([...new Set([...scope('table'), 'shard', ...FRAMEWORK_OPTIONS])].sort())
    const asked = [
      ...spec.connection.parameters,
      ...(spec.connection.auth_methods ?? []).flatMap((method) => method.parameters),
    ]
    expect(asked.map(({ name }) => name).sort()).toEqual(scope('connection').sort())
    for (const { parameters } of spec.connection.auth_methods ?? [])
      expect(parameters.some(({ required }) => required)).toBe(true)
  },
)

test('options of the Spark reader are found in its code', () => {
  const glue =
    'name = self.options.get("tablename")\nshard = options.get("shard")\nread_count(self.options, "max_tasks", 200)\n'
  const child = "/** Set by ingest. */\nconst HASHED_OPTION = 'parley_hashed'\n"
  const root = projectFolder({
    'pipeline/spark/parley_spark/table.py': glue,
    'pipeline/spark/child/table_access.ts': child,
  })
  expect(sparkOptions(root)).toEqual(['max_tasks', 'parley_hashed', 'shard'])
  expect(JSON.parse(readerOptionsFile(root))).toMatchObject({ max_tasks: 'table.py', parley_hashed: 'table_access.ts' })
})

test.each(all)('$name: every option and every column is in the documents', (source) => {
  const options = [connectionOptions(source), tableOptions(source), ignoredOptions(source)].join('\n')
  for (const name of Object.keys(source.options)) expect(options).toContain(`| \`${name}\` |`)
  const tables = tableDetails(source)
  for (const { name, schema } of source.tables) {
    expect(tables).toContain(`### ${name}\n`)
    for (const column of Object.keys(schema.fields)) expect(tables).toContain(`| \`${column}\` |`)
  }
})

test('library users get every source', () => {
  expect(new Set(Object.values(library))).toEqual(new Set(all))
})
