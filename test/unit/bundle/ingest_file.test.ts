import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ExampleTable, ingestFile } from '../../../pipeline/bundle/ingest_file.ts'
import { packageFolder } from '../../../pipeline/bundle/package_path.ts'
import { parsePipelineSpec } from '../../../pipeline/spec/pipeline_spec.ts'
import { sources } from '../../../sources/registry.ts'
import { pythonOrSkip } from '../../support/python.ts'

const python = pythonOrSkip()
const all = await Promise.all(Object.values(sources).map(async (load) => (await load()).source))

/** Stands in for Spark, which only hands settings over here. */
const PYSPARK = `
import json, os

class SparkSession:
    settings = json.loads(os.environ["SETTINGS"])

    class builder:
        @staticmethod
        def getOrCreate():
            return SparkSession()

    @property
    def conf(self):
        return self

    def get(self, name, default):
        return self.settings.get(name, default)

    def set(self, name, value):
        self.settings[name] = value
`

/** Stands in for the generated file, and prints what it was asked to do. */
const GENERATED = `
import json

registered = []

def register_lakeflow_source(spark):
    registered.append(spark)

def ingest(spark, pipeline_spec):
    assert registered == [spark], "ingest before the source is registered"
    print(json.dumps({"spec": pipeline_spec, "settings": spark.settings}))
`

interface Ran {
  spec: { connection_name: string; objects: { table: Record<string, unknown> }[] }
  settings: Record<string, string>
}

/** Runs the example as a pipeline does: in another folder. */
function run(name: string, tables: readonly ExampleTable[], settings: (folder: string) => Record<string, string>): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'parley-ingest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = {
    'bundle/ingest.py': ingestFile({ name, displayName: 'A source', version: '1.2.3' }, tables),
    [`bundle/${packageFolder(name)}/_generated_${name}_python_source.py`]: GENERATED,
    'installed/pyspark/__init__.py': '',
    'installed/pyspark/sql.py': PYSPARK,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const bundle = join(folder, 'bundle')
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: join(folder, 'installed'),
    SETTINGS: JSON.stringify(settings(bundle)),
  }
  return JSON.parse(execFileSync(python!, [join(bundle, 'ingest.py')], { cwd: folder, env, encoding: 'utf8' }))
}

describe.skipIf(python === null)('ingest.py', () => {
  test.each(all)('$name: ingests every table by a spec that is good, and has the connection handed over', (source) => {
    const { spec, settings } = run(source.name, source.tables, (folder) => ({
      'parley.folder': folder,
      'parley.connection': 'teams_prod',
    }))
    expect(spec.connection_name).toBe('teams_prod')
    expect(settings['spark.databricks.unityCatalog.connectionDfOptionInjection.enabled']).toBe('true')
    const parsed = parsePipelineSpec(JSON.stringify(spec), 'ingest.py', { source })
    expect(parsed.tables.map(({ sourceTable }) => sourceTable)).toEqual(source.tables.map(({ name }) => name))
    const snapshots = new Set(source.tables.filter((one) => one.ingestionType === 'snapshot').map(({ name }) => name))
    for (const { sourceTable, scdType } of parsed.tables)
      if (snapshots.has(sourceTable)) expect(scdType).toBe('SCD_TYPE_1')
  })

  test('finds the package beside itself where no setting names the folder', () => {
    expect(run('rooms', [], () => ({})).spec).toEqual({ connection_name: 'rooms', objects: [] })
  })

  test.each([
    ['snapshot', 'SCD_TYPE_1'],
    ['cdc', 'SCD_TYPE_1'],
    ['cdc_with_deletes', 'SCD_TYPE_1'],
    ['append', 'APPEND_ONLY'],
  ] as const)('a table of the kind %s is kept as %s', (ingestionType, scdType) => {
    const table = { name: 'a "quoted"\\table\u2028', description: 'Two\nlines.', ingestionType }
    expect(run('rooms', [table], () => ({})).spec.objects).toEqual([
      {
        table: {
          source_table: table.name,
          destination_table: table.name,
          table_configuration: { scd_type: scdType },
        },
      },
    ])
  })
})
