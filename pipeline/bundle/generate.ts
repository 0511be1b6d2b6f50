import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sources } from '../../sources/registry.ts'
import { bundleSource, type SourceModulePath } from './bundle_source.ts'
import { checkGenerated } from './check_generated.ts'
import { generatedFile } from './generated_file.ts'
import { mergePython } from './merge_python.ts'
import { thirdPartyNotices } from './notices.ts'
import { generatedModule } from './package_path.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PYTHON = join(ROOT, 'pipeline/spark/parley_spark')

export interface Generated {
  /** The generated Python file. */
  file: string
  /** Licences of the packages inside it. */
  notices: string
}

export async function generate(name: string): Promise<Generated> {
  const { source } = await sources[name]!()
  return generateFrom(source, { module: `sources/${name}/index.ts` })
}

/** The same project gives the same bytes, on every machine. */
export async function generateFrom(
  { name, displayName }: { name: string; displayName: string },
  module: SourceModulePath,
): Promise<Generated> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const { code, packages } = await bundleSource(module)
  const notices = thirdPartyNotices(ROOT, packages)
  const python = mergePython(readPython())
  const file = generatedFile({ source: name, displayName, version, python, code, notices })
  checkGenerated(name, file)
  return { file, notices }
}

export function generatedName(source: string): string {
  return `${generatedModule(source)}.py`
}

function readPython(): Map<string, string> {
  const files = readdirSync(PYTHON).filter((file) => file.endsWith('.py') && file !== '__init__.py')
  return new Map(files.sort().map((file) => [file, readFileSync(join(PYTHON, file), 'utf8')]))
}
