import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { readFolder } from '../../../pipeline/bundle/read_folder.ts'
import { writeFolder } from '../../../pipeline/bundle/write_folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-folder-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const files = new Map([
  ['ingest.py', 'spec = {}\n'],
  ['resources/x.pipeline.yml', 'ä: 1\n'],
  ['src/x/__init__.py', '"""x"""\n'],
])
const states = async (texts = files): Promise<string[]> => (await writeFolder(folder, texts)).map(({ state }) => state)

test('what was written is what is read', async () => {
  expect(await writeFolder(folder, files)).toEqual([
    { path: 'ingest.py', bytes: 10, state: 'written' },
    { path: 'resources/x.pipeline.yml', bytes: 6, state: 'written' },
    { path: 'src/x/__init__.py', bytes: 8, state: 'written' },
  ])
  expect(await readFolder(folder)).toEqual(files)
  expect(await states()).toEqual(['unchanged', 'unchanged', 'unchanged'])
})

test('what was edited stays, but what is generated does not', async () => {
  await writeFolder(folder, files)
  for (const path of files.keys()) writeFileSync(join(folder, path), 'mine\n')
  expect(await states()).toEqual(['kept', 'kept', 'written'])
  expect(readFileSync(join(folder, 'ingest.py'), 'utf8')).toBe('mine\n')
  expect(readFileSync(join(folder, 'src/x/__init__.py'), 'utf8')).toBe('"""x"""\n')
})

test('a file that cannot be put into place leaves the old one and no half one', async () => {
  // A folder where the file belongs: the last step fails, as it does on a full disk.
  mkdirSync(join(folder, 'src/x/__init__.py/inside'), { recursive: true })
  await expect(writeFolder(folder, files)).rejects.toMatchObject({
    code: 'PARLEY_FOLDER_UNWRITABLE',
    details: { folder, file: 'src/x/__init__.py' },
  })
  expect(readdirSync(join(folder, 'src/x'))).toEqual(['__init__.py'])
  expect(existsSync(join(folder, 'ingest.py'))).toBe(true)
})

test('a file in the place of the folder is named', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expect(writeFolder(file, files)).rejects.toThrow(`ingest.py cannot be written into ${file} (ENOTDIR).`)
})
