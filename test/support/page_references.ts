import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** `file#words in it`, or a file alone; a bare name is one beside the page. */
const REFERENCE = /`([\w./-]+\.(?:ts|py|sh))(?:#([^`]+))?`/g

export interface Reference {
  /** From the project's folder. */
  file: string
  words: string | undefined
}

/** The places and tests that a page of the project names. @param page from the project's folder */
export function referencesOf(page: string, text: string = readFileSync(join(ROOT, page), 'utf8')): Reference[] {
  return [...text.matchAll(REFERENCE)].map(([, file, words]) => ({
    file: file!.includes('/') ? file! : join(dirname(page), file!),
    words,
  }))
}

/** What is wrong with a reference; null: nothing. */
export function problemOf({ file, words }: Reference): string | null {
  if (!existsSync(join(ROOT, file))) return `there is no ${file}`
  const code = readFileSync(join(ROOT, file), 'utf8')
  return words === undefined || code.includes(words) ? null : `${file} does not say "${words}"`
}

export function problemsOf(references: readonly Reference[]): string[] {
  return references.map(problemOf).filter((problem) => problem !== null)
}
