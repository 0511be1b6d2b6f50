import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'tmp', '__pycache__'])
/** Folders with a dot in front that belong to the project. */
const DOT_FOLDERS = new Set(['.ci', '.github'])

export interface ProjectFile {
  /** From the root, with slashes. */
  path: string
  read(): string
}

/** Every file of the project whose path the pattern matches, sorted; installed and made ones are left out. */
export function listFiles(root: string, pattern: RegExp): ProjectFile[] {
  const found: ProjectFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && (!entry.name.startsWith('.') || DOT_FOLDERS.has(entry.name))) walk(path)
      } else if (pattern.test(path)) found.push({ path, read: () => readFileSync(join(root, path), 'utf8') })
    }
  }
  walk('')
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}
