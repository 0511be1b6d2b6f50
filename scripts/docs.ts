import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceDefinition } from '../libs/connect/source.ts'
import { connectionScript } from '../pipeline/connection/shell_script.ts'
import { sources } from '../sources/registry.ts'
import { isMain, projectRoot } from './check_report.ts'
import { connectorSpec } from './docs_connector_spec.ts'
import { connectionOptions, ignoredOptions, tableOptions } from './docs_options.ts'
import { replaceParts } from './docs_parts.ts'
import { permissionTable } from './docs_permissions.ts'
import { READER_OPTIONS, readerOptionsFile, sparkOptions } from './docs_spark_options.ts'
import { tableDetails, tableOverview } from './docs_tables.ts'

/** A file with everything in it that follows from the code. */
export interface GeneratedFile {
  path: string
  content: string
}

/**
 * Every file that has generated parts, as it should be: the README's and each source's, each `connector_spec.yaml` and
 * script for a connection, and the list of the Spark reader's options.
 * @throws Error on markers that do not match
 */
export async function generateDocs(root: string): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = []
  const overviews: string[] = []
  const permissions: string[] = []
  // As they are now: the list that this process has loaded may be the one that is to be written anew.
  const reader = sparkOptions(root)
  for (const [name, load] of Object.entries(sources)) {
    const module = await load()
    const { source } = module
    const folder = `sources/${name}`
    overviews.push(section(source, tableOverview(source)))
    files.push({ path: `${folder}/connector_spec.yaml`, content: connectorSpec(source, reader) })
    files.push({ path: `configs/${name}/uc_connection_example.sh`, content: connectionScript(source, name, reader) })
    const needed = await permissionTable(module)
    permissions.push(section(source, needed))
    const parts = { ...sourceParts(source), permissions: needed }
    files.push(withParts(root, `${folder}/README.md`, parts))
  }
  files.push({ path: READER_OPTIONS, content: readerOptionsFile(root) })
  files.push(withParts(root, 'README.md', { tables: overviews.join('\n'), permissions: permissions.join('\n') }))
  return files
}

/** What the project's page says of one source, under its name. */
function section({ displayName }: SourceDefinition, text: string): string {
  return `**${displayName}**\n\n${text}`
}

function sourceParts(source: SourceDefinition): Record<string, string> {
  return {
    tables: tableDetails(source),
    'connection-options': connectionOptions(source),
    'table-options': tableOptions(source),
    'ignored-options': ignoredOptions(source),
  }
}

function withParts(root: string, path: string, parts: Readonly<Record<string, string>>): GeneratedFile {
  const file = join(root, path)
  return { path, content: replaceParts(existsSync(file) ? readFileSync(file, 'utf8') : '', parts, path) }
}

if (isMain(import.meta.url)) {
  for (const { path, content } of await generateDocs(projectRoot)) {
    const file = join(projectRoot, path)
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue
    writeFileSync(file, content)
    console.log(`wrote ${path}`)
  }
}
