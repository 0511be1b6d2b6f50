import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** The texts of a folder and of those below it by path, sorted: what `writeFolder` takes. */
export async function readFolder(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  const texts = new Map<string, string>()
  for (const path of paths.sort()) texts.set(path, await readFile(join(folder, path), 'utf8'))
  return texts
}
