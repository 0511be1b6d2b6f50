import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleFolder } from '../../../pipeline/bundle/bundle_folder.ts'
import { readFolder } from '../../../pipeline/bundle/read_folder.ts'
import { buildPackage } from '../../../scripts/build.ts'
import { projectRoot } from '../../../scripts/check_report.ts'
import { sources } from '../../../sources/registry.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'parley-package-'))
const app = join(folder, 'app')
const installed = join(app, 'node_modules', 'parley-lakehouse')

/** Builds, packs and unpacks the package as npm would, with nothing of a clone but the dependencies that users get. */
beforeAll(async () => {
  await buildPackage(projectRoot, join(folder, 'built'))
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(folder, 'built') })
  mkdirSync(installed, { recursive: true })
  const { version } = JSON.parse(readFileSync(join(folder, 'built/package.json'), 'utf8'))
  await run('tar', ['-xzf', join(folder, `parley-lakehouse-${version}.tgz`), '--strip-components=1', '-C', installed])
  linkDependencies()
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Offline: what the lock file marks as needed by users, from the clone's own node_modules. */
function linkDependencies(): void {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    const nested = path.indexOf('node_modules/', 1) > 0
    if (path === '' || nested || dev || devOptional || !existsSync(join(projectRoot, path))) continue
    mkdirSync(dirname(join(app, path)), { recursive: true })
    symlinkSync(join(projectRoot, path), join(app, path))
  }
}

const parley = (...args: string[]) => run(process.execPath, [join(installed, 'bin/parley.js'), ...args], { cwd: app })

test('holds no secrets, tests or sources in TypeScript', async () => {
  const { stdout } = await run('find', [
    installed,
    '-name',
    'dev_config.json',
    '-o',
    '-name',
    '*.test.*',
    '-o',
    '-name',
    '*.ts',
    '!',
    '-name',
    '*.d.ts',
  ])
  expect(stdout).toBe('')
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  expect(manifest).not.toHaveProperty('devDependencies')
  expect(manifest).not.toHaveProperty('optionalDependencies')
  expect(manifest).not.toHaveProperty('private')
})

test('the command runs', async () => {
  expect((await parley('--help')).stdout).toContain('sync')
  expect((await parley('tables', 'microsoft_teams')).stdout).toContain('message_replies')
})

test.each(Object.keys(sources))('has the pages, examples and connector spec of %s', (source) => {
  const files = ['README.md', 'API.md', 'connector_spec.yaml'].map((name) => `sources/${source}/${name}`)
  const configs = ['basic.yaml', 'dev_config.example.json', 'uc_connection_example.sh']
  for (const file of [...files, ...configs.map((name) => `configs/${source}/${name}`)])
    expect(existsSync(join(installed, file)), file).toBe(true)
})

test.each(Object.keys(sources))('writes the files of %s for Spark without what builds them', async (source) => {
  const args = ['bundle', source, '--out', 'bundled', '--output', 'json']
  expect(JSON.parse((await parley(...args)).stdout)).toMatchObject([{ source, folder: 'bundled' }])
  expect(await readFolder(join(app, 'bundled'))).toEqual(await bundleFolder(source))
  rmSync(join(app, 'bundled'), { recursive: true })
})

test('imports nothing that is not among its dependencies', async () => {
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  const scripts = files
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(installed, 'dist', file), 'utf8'))
  const imported = scripts.flatMap((text) =>
    [...text.matchAll(/^(?:import|\} from) .*?["']([^."'][^"']*)["'];$/gm)].map(([, name]) => name!),
  )
  const packages = imported.filter((name) => !name.startsWith('node:'))
  expect(packages.length).toBeGreaterThan(5)
  const known = Object.keys(dependencies)
  expect(packages.filter((name) => !known.some((one) => name === one || name.startsWith(`${one}/`)))).toEqual([])
})

test.each(Object.keys(sources))('a sync of %s against its packed simulator stores rows', async (source) => {
  const { child, connection } = await startSimulator(source)
  try {
    writeFileSync(join(app, 'connection.json'), connection, { mode: 0o600 })
    const args = [
      'sync',
      '--source',
      source,
      '--connection',
      'connection.json',
      '--destination',
      `duckdb:${source}_lake.duckdb`,
      '--output',
      'json',
      '--progress',
      'none',
    ]
    const result = JSON.parse((await parley(...args)).stdout)
    expect(result.status).toBe('ok')
    expect(result.tables.every((table: { read: number }) => table.read > 0)).toBe(true)
  } finally {
    child.kill()
  }
})

function startSimulator(source: string) {
  const child = execFile(process.execPath, [join(installed, 'bin/parley.js'), 'simulate', source], { cwd: app })
  return new Promise<{ child: typeof child; connection: string }>((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (chunk: string) => {
      text += chunk
      if (text.trimEnd().endsWith('}')) resolve({ child, connection: text })
    })
    child.on('exit', (code) => reject(new Error(`The simulator ended with ${code}.`)))
  })
}

test('the library can be imported, and its types can be used', async () => {
  const code = [
    "import { connect, type TableBatch } from 'parley-lakehouse'",
    "import { microsoftTeams } from 'parley-lakehouse/sources'",
    "const teams = connect(microsoftTeams, { tenant_id: 't', client_id: 'c', client_secret: 's' })",
    'const names: string[] = await teams.listTables()',
    "export const read = (): AsyncIterable<TableBatch> => teams.readTable('messages', null)",
    "console.log(names.join(' '))",
    'await teams.close()',
  ].join('\n')
  writeFileSync(join(app, 'use.mts'), code)
  writeFileSync(join(app, 'package.json'), '{"type":"module"}')
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'esnext.disposable'],
    strict: true,
    skipLibCheck: false,
    outDir: 'out',
    rootDir: '.',
    types: ['node'],
    typeRoots: [join(projectRoot, 'node_modules/@types')],
  }
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }))
  await run(process.execPath, [join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', app])
  const { stdout } = await run(process.execPath, [join(app, 'out/use.mjs')], { cwd: app })
  expect(stdout.trim()).toBe('teams channels members channel_members messages message_replies')
})
