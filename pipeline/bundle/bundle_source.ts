import { relative, resolve } from 'node:path'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '../..')
const CHILD = './pipeline/spark/child/index.ts'

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const BANNER = "import{createRequire as parleyRequire}from'node:module';const require=parleyRequire(import.meta.url);"

export interface SourceModulePath {
  /** The module that exports the source, from the project's folder: `sources/microsoft_teams/index.ts`. */
  module: string
  /** Name of the export: `microsoftTeams`. */
  name: string
}

/**
 * One JavaScript file with a source and all it needs: the program that Spark's Python starts. Not minified,
 * so that stacks carry names. The same input gives the same bytes on every machine.
 */
export async function bundleSource({ module, name }: SourceModulePath): Promise<Uint8Array> {
  const path = `./${relative(ROOT, resolve(ROOT, module)).replaceAll('\\', '/')}`
  const entry = `import { ${name} as source } from '${path}'\nimport { main } from '${CHILD}'\nawait main(source)\n`
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: entry, resolveDir: ROOT, sourcefile: 'bundle_entry.ts', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: BANNER },
    outfile: 'bundle.mjs',
    logLevel: 'silent',
  })
  return outputFiles[0]!.contents
}
