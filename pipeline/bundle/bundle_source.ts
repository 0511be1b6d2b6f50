import { relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { undiciParts } from './undici_parts.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CHILD = './pipeline/spark/child/index.ts'

/** CommonJS packages inside an ES module still call `require` for Node's own modules, also where the program is no file. */
const BANNER = "const require=process.getBuiltinModule('node:module').createRequire('file:///parley');"

export interface SourceModulePath {
  /** The module that exports the source, from the project's folder: `sources/microsoft_teams/index.ts`. */
  module: string
  /** Name of the export: `microsoftTeams`. Default: the only one the module has. */
  name?: string
}

export interface SourceBundle {
  code: Uint8Array
  /** Folders of the packages whose code is in it, from the project's root, sorted. */
  packages: string[]
}

/**
 * One JavaScript file with a source and all it needs: the program that Spark's Python starts. Not minified,
 * so that stacks carry names. The same input gives the same bytes on every machine.
 */
export async function bundleSource({ module, name }: SourceModulePath): Promise<SourceBundle> {
  const path = `./${relative(ROOT, resolve(ROOT, module)).replaceAll('\\', '/')}`
  const source = name === undefined ? 'Object.values(exported)[0]' : `exported.${name}`
  const entry = `import * as exported from '${path}'\nimport { main } from '${CHILD}'\nawait main(${source})\n`
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: entry, resolveDir: ROOT, sourcefile: 'bundle_entry.ts', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    banner: { js: BANNER },
    outfile: 'bundle.mjs',
    logLevel: 'silent',
    plugins: [undiciParts(ROOT)],
  })
  const [output] = Object.values(metafile.outputs)
  const used = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const packages = new Set(used.map(([file]) => packageOf(file)).filter((one) => one !== null))
  return { code: outputFiles[0]!.contents, packages: [...packages].sort() }
}

/** `node_modules/@azure/msal-node` of a file in it, null for our own. */
function packageOf(file: string): string | null {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null
}
