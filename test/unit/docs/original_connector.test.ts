import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemsOf, referencesOf } from '../../support/page_references.ts'

const PAGE = 'docs/original_connector.md'
const text = readFileSync(join(import.meta.dirname, '../../..', PAGE), 'utf8')
const rows = text.split('\n').filter((line) => /^\| [TF]\d+ \|/.test(line))

it('every place and test that the page names is there', () => {
  const references = referencesOf(PAGE, text)
  expect(references.length).toBeGreaterThan(80)
  expect(problemsOf(references)).toEqual([])
})

it('all that was found has a row, in order', () => {
  const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)
  expect(rows.map((row) => row.split(' ')[1])).toEqual([...numbered('T', 18), ...numbered('F', 16)])
})

it('every row names a place and a test', () => {
  expect(
    rows.filter((row) => !/`(?!test\/)[\w./-]+`|`(?!test\/)[\w./-]+#/.test(row) || !/`test\/[^`]+`/.test(row)),
  ).toEqual([])
})
