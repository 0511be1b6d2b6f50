import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { bundleFolder } from '../pipeline/bundle/bundle_folder.ts'
import { writeFolder } from '../pipeline/bundle/write_folder.ts'
import { sources } from '../sources/registry.ts'
import { assetPlugin } from './build_assets.ts'
import { withoutBuilders } from './build_without_builders.ts'
import { listFiles } from './check_files.ts'
import { isMain, projectRoot } from './check_report.ts'

/** What the package offers, by the name of the built file. Every built file lies one folder deep: assets count on it. */
const ENTRIES = {
  'cli/main': 'pipeline/cli/main.ts',
  'lib/index': 'libs/connect/index.ts',
  'lib/sources': 'sources/index.ts',
}

/** Beside the built files: what the pages link to, so that their links lead somewhere in the package too. */
const COPIED =
  /^(bin\/.*|LICENSE|(?!\.github\/).*\.md|configs\/.*(\.yaml|\.example\.json|_example\.sh)|sources\/\w+\/connector_spec\.yaml)$/

/**
 * Makes the npm package in `out`: built JavaScript, types, and a `package.json` without what only development needs.
 * Dependencies stay outside of the built files: npm installs the right DuckDB for each platform. What `parley bundle`
 * writes is in it ready-made.
 */
export async function buildPackage(root: string, out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await buildScripts(root, join(out, 'dist'))
  await buildTypes(root, out)
  for (const { path } of listFiles(root, COPIED)) cpSync(join(root, path), join(out, path))
  for (const name of Object.keys(sources)) await writeFolder(join(out, 'bundles', name), await bundleFolder(name))
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(packageJson(root), null, 2)}\n`)
}

async function buildScripts(root: string, out: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([name, path]) => ({ in: path, out: name })),
    outdir: out,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22.15',
    charset: 'utf8',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    plugins: [withoutBuilders, assetPlugin(root, join(out, 'assets'))],
  })
}

/** TypeScript's own declarations, in the folders of the sources. @throws Error with what the compiler says */
async function buildTypes(root: string, out: string): Promise<void> {
  const config = join(out, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: join(out, 'types'),
    rootDir: root,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = [ENTRIES['lib/index'], ENTRIES['lib/sources']].map((path) => join(root, path))
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files, compilerOptions }))
  try {
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
      cwd: root,
    })
  } catch (error) {
    throw new Error(`The types cannot be built:\n${(error as { stdout?: string }).stdout}`, { cause: error })
  } finally {
    rmSync(config)
  }
}

function packageJson(root: string): object {
  const { name, version, description, keywords, license, type, engines, bin, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    engines,
    bin,
    exports: {
      '.': { types: './types/libs/connect/index.d.ts', default: './dist/lib/index.js' },
      './sources': { types: './types/sources/index.d.ts', default: './dist/lib/sources.js' },
      './package.json': './package.json',
    },
    dependencies,
  }
}

if (isMain(import.meta.url)) {
  const out = join(projectRoot, 'dist/npm')
  await buildPackage(projectRoot, out)
  console.log(`${relative(process.cwd(), out)} is ready for npm pack or npm publish`)
}
