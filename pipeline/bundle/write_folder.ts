import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FolderUnwritableError } from './folder_unwritable_error.ts'

/** Files that are there to be edited: a second run must not undo that. */
const EDITED = /^(ingest\.py|smoke\.py|databricks\.yml|resources\/.*)$/

export interface WrittenFile {
  /** Inside the folder. */
  path: string
  bytes: number
  /** `kept`: somebody has edited it, or an older release wrote it, and it stays as it is. */
  state: 'written' | 'unchanged' | 'kept'
}

/**
 * Writes texts by path into a folder. Each file is whole or not there, whatever happens.
 * @throws FolderUnwritableError
 */
export async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<WrittenFile[]> {
  const written: WrittenFile[] = []
  for (const [path, text] of files) {
    try {
      const state = await writeOne(join(folder, path), text, EDITED.test(path))
      written.push({ path, bytes: Buffer.byteLength(text), state })
    } catch (error) {
      throw new FolderUnwritableError(folder, path, error)
    }
  }
  return written
}

async function writeOne(file: string, text: string, isEdited: boolean): Promise<WrittenFile['state']> {
  const before = await readIfThere(file)
  if (before === text) return 'unchanged'
  if (before !== null && isEdited) return 'kept'
  await mkdir(dirname(file), { recursive: true })
  const part = `${file}.${randomUUID()}`
  try {
    await writeFile(part, text, { flag: 'wx' })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return 'written'
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
