import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { NODE_PACKAGE, pipelineName } from '../../../pipeline/bundle/asset_bundle.ts'
import { SETTINGS } from '../../../pipeline/bundle/ingest_file.ts'
import { CELL, NEEDS_DATABRICKS, smokeFile } from '../../../pipeline/bundle/smoke_file.ts'
import { sources } from '../../../sources/registry.ts'
import { sharedOrSkip } from '../../support/shared.ts'

const ROOT = join(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'docs/databricks.md'), 'utf8')
const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
const shared = sharedOrSkip("the page's YAML against Databricks' own schema")

it('says what was not run', () => {
  expect(text.match(/\*[Nn]ot run by us/g)!.length).toBeGreaterThanOrEqual(2)
})

it('names codes, settings, packages and pipelines that there are', () => {
  const codes = [...text.matchAll(/`(PARLEY_[A-Z_]+)`/g)].map(([, code]) => code!)
  expect(codes.length).toBeGreaterThan(5)
  expect(codes.filter((code) => !errors.includes(`\`${code}\``))).toEqual([])
  for (const name of [SETTINGS.folder, SETTINGS.connection, NODE_PACKAGE, pipelineName('microsoft_teams')])
    expect(text).toContain(name)
})

it.skipIf(shared === undefined)(
  'its job is good by the schema of asset bundles, and runs the pipeline that there is',
  () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(text)![1]!
    const schema = JSON.parse(readFileSync(join(shared!, 'reference/databricks_bundle.schema.json'), 'utf8'))
    const validate = new Ajv({ strict: false }).compile(schema)
    validate(load(yaml))
    expect(validate.errors ?? []).toEqual([])
    expect(yaml).toContain(`resources.pipelines.${pipelineName('microsoft_teams')}.id`)
  },
)

describe.each(Object.keys(sources))('the smoke notebook of %s', (name) => {
  it('has the cells that the page lists, one of which needs Databricks', async () => {
    const { source } = await sources[name]!()
    const cells = smokeFile(source).split(CELL).slice(1)
    const table = text.split('## The smoke notebook\n')[1]!.split('\n## ')[0]!
    expect(table.match(/^\| (?!cell|---)/gm)).toHaveLength(cells.length)
    expect(cells.filter((cell) => cell.startsWith(NEEDS_DATABRICKS))).toHaveLength(1)
  })
})
