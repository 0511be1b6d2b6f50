import { homedir, tmpdir } from 'node:os'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { bundleFolder } from '../../../pipeline/bundle/bundle_folder.ts'
import { packageFolder } from '../../../pipeline/bundle/package_path.ts'
import { allowedOptions } from '../../../pipeline/connection/allow_list.ts'
import { projectRoot } from '../../../scripts/check_report.ts'
import { sources } from '../../../sources/registry.ts'

const folders = await Promise.all(
  Object.entries(sources).map(async ([name, load]) => ({
    name,
    source: (await load()).source,
    files: await bundleFolder(name),
  })),
)

describe.each(folders)('$name', ({ name, source, files }) => {
  const inPackage = (file: string): string => files.get(`${packageFolder(name)}/${file}`) ?? ''

  test('has what a repository of connectors, an asset bundle and a wheel need, in order', () => {
    const inside = [`_generated_${name}_python_source.py`, '__init__.py', 'connector_spec.yaml', 'README.md']
    const folder = `src/databricks/labs/community_connector/sources/${name}`
    const wanted = [...inside, 'THIRD_PARTY_NOTICES'].map((file) => `${folder}/${file}`)
    const around = [
      'ingest.py',
      'smoke.py',
      'databricks.yml',
      `resources/${name}.pipeline.yml`,
      'pyproject.toml',
      'README.md',
    ]
    expect([...files.keys()]).toEqual([...wanted, ...around, 'LICENSE'].sort())
    for (const [path, text] of files) expect(text.endsWith('\n'), path).toBe(true)
  })

  test('no text names a path of the machine that made it', () => {
    for (const [path, text] of files) {
      for (const folder of [projectRoot, homedir(), tmpdir()])
        expect(text.includes(`${folder}/`), `${path}: ${folder}`).toBe(false)
    }
  })

  test('the links of its pages lead somewhere', () => {
    for (const page of ['README.md', `${packageFolder(name)}/README.md`]) {
      const links = [...files.get(page)!.matchAll(/\]\((?!#|https?:)([^)\s]+)\)/g)].map(([, link]) => link!)
      for (const link of links) expect(files.has(link), `${page}: ${link}`).toBe(true)
    }
  })

  test('the connector spec lets through what readers may be given', () => {
    const spec = load(inPackage('connector_spec.yaml')) as { external_options_allowlist: string }
    expect(spec.external_options_allowlist.split(',')).toEqual(allowedOptions(source))
  })

  test('the example shows every table, in the order of the source', () => {
    const shown = [...files.get('ingest.py')!.matchAll(/"source_table": "(\w+)"/g)].map(([, table]) => table)
    expect(shown).toEqual(source.tables.map((table) => table.name))
  })

  test('notices are those of the generated file', () => {
    const [first] = inPackage('THIRD_PARTY_NOTICES').split('\n')
    expect(inPackage(`_generated_${name}_python_source.py`)).toContain(`\n# ${first}\n`)
  })
})

test('the same project gives the same texts', async () => {
  const [{ name, files }] = folders as [(typeof folders)[0]]
  expect(await bundleFolder(name)).toEqual(files)
})
