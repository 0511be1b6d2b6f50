import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFolder } from '../../../pipeline/bundle/package_path.ts'
import { readFolder } from '../../../pipeline/bundle/read_folder.ts'
import { sources } from '../../../sources/registry.ts'
import { parley, projectRoot, start } from './run_parley.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'parley-bundle-'))
})
afterAll(() => rm(cwd, { recursive: true }))

const generated = `${packageFolder('discord')}/_generated_discord_python_source.py`

test('one source goes into dist/bundle below its name; an edited example stays, and is told', async () => {
  const { code, stdout, stderr } = await parley(['bundle', 'discord'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  const folder = join(cwd, 'dist/bundle/discord')
  const files = await readFolder(folder)
  for (const path of files.keys()) expect(stdout).toContain(`dist/bundle/discord/${path} `)
  expect(stdout).toMatch(new RegExp(`${generated} +[\\d,]+\n`))

  await writeFile(join(folder, 'ingest.py'), '# mine\n')
  await writeFile(join(folder, generated), '# not mine\n')
  const again = await parley(['bundle', 'discord'], { cwd })
  expect(again.stdout).toMatch(/ingest\.py .* kept: it was edited/)
  expect(await readFile(join(folder, 'ingest.py'), 'utf8')).toBe('# mine\n')
  expect(await readFile(join(folder, generated), 'utf8')).toBe(files.get(generated))
})

test('all sources go into a folder each, by both commands the same', async () => {
  const { stdout } = await parley(['bundle', 'all', '--out', 'all', '--output', 'json'], { cwd })
  const names = Object.keys(sources).sort()
  const told = JSON.parse(stdout) as { source: string; folder: string; files: { path: string; bytes: number }[] }[]
  expect(told.map(({ source, folder }) => [source, folder])).toEqual(names.map((name) => [name, join('all', name)]))
  const written = await readFolder(join(cwd, 'all'))
  const bytes = told.flatMap(({ source, files }) =>
    files.map((file) => [`${source}/${file.path}`, file.bytes] as const),
  )
  expect(new Map(bytes)).toEqual(new Map([...written].map(([path, text]) => [path, Buffer.byteLength(text)])))

  const script = [process.execPath, join(projectRoot, 'scripts/merge_source.ts'), 'discord', '--out', 'merged']
  expect((await start(script, { cwd }).ended).code).toBe(0)
  const merged = await readFolder(join(cwd, 'merged'))
  expect(merged).toEqual(await readFolder(join(cwd, 'all/discord')))
})

test.each([
  [['bundle', 'discrod'], /PARLEY_USAGE: There is no source discrod\.\n.*Did you mean discord\?/],
  [['bundle', 'discord', '--out', ''], /PARLEY_USAGE: .*It names no folder\./],
  [['bundle'], /PARLEY_USAGE: Missing required argument 'source'/],
  [['bundle', 'discord', '--out', 'taken/below'], /PARLEY_FOLDER_UNWRITABLE: .*\(ENOTDIR\)/],
])('%j ends with 2 and writes nothing', async (args, said) => {
  await writeFile(join(cwd, 'taken'), '')
  const { code, stdout, stderr } = await parley(args, { cwd })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(said)
})
