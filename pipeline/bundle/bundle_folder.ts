import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sources } from '../../sources/registry.ts'
import { bundleSettings, pipelineResource } from './asset_bundle.ts'
import { generate, generatedName } from './generate.ts'
import { ingestFile } from './ingest_file.ts'
import { initFile } from './init_file.ts'
import { packageFolder } from './package_path.ts'
import { withoutFileLinks } from './page_links.ts'
import { pyprojectFile } from './pyproject_file.ts'
import { readmeFile } from './readme_file.ts'
import { smokeFile } from './smoke_file.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * Everything that a source is on Spark and Databricks: texts by path, sorted. The folder can be pushed as a repository.
 * The same project gives the same texts, on every machine.
 * @param name of a source in the registry
 */
export async function bundleFolder(name: string): Promise<Map<string, string>> {
  const { source } = await sources[name]!()
  const { file, notices } = await generate(name)
  const { version } = JSON.parse(project('package.json')) as { version: string }
  const facts = { name, displayName: source.displayName, version }
  const folder = packageFolder(name)
  const files: Record<string, string> = {
    'databricks.yml': bundleSettings(facts),
    'ingest.py': ingestFile(facts, source.tables),
    LICENSE: project('LICENSE'),
    'pyproject.toml': pyprojectFile(facts),
    'README.md': readmeFile(facts),
    [`resources/${name}.pipeline.yml`]: pipelineResource(facts),
    'smoke.py': smokeFile(source),
    [`${folder}/${generatedName(name)}`]: file,
    [`${folder}/__init__.py`]: initFile(facts),
    [`${folder}/connector_spec.yaml`]: project(`sources/${name}/connector_spec.yaml`),
    [`${folder}/README.md`]: withoutFileLinks(project(`sources/${name}/README.md`)),
    [`${folder}/THIRD_PARTY_NOTICES`]: notices,
  }
  return new Map(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function project(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
