import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemOf, problemsOf, referencesOf } from '../support/page_references.ts'
import { INVARIANTS } from './invariants.ts'

const PAGE = 'pipeline/sync/SYNC.md'
const text = readFileSync(join(import.meta.dirname, '../..', PAGE), 'utf8')
const references = referencesOf(PAGE, text)

it('every place and test that the page names is there', () => {
  expect(references.length).toBeGreaterThan(100)
  expect(problemsOf(references)).toEqual([])
})

it('a place or test that is gone is seen', () => {
  expect(problemOf({ file: 'pipeline/sync/nowhere.ts', words: undefined })).toContain('there is no')
  expect(problemOf({ file: 'pipeline/sync/run.ts', words: 'words that nobody wrote' })).toContain('does not say')
})

const section = (title: string) => text.split(`## ${title}\n`)[1]!.split('\n## ')[0]!
const namedIn = (title: string) => [...section(title).matchAll(/^\| (I\d+) \|/gm)].map(([, name]) => name)
const ALL = [...Object.keys(INVARIANTS), 'I11', 'I12']

it('the invariants of the page are those that the simulation checks', () => {
  expect(namedIn('What must hold')).toEqual(ALL)
})

it('what an invariant means for Discord names the check that says so', () => {
  const title = 'What that means for Discord'
  const named = namedIn(title)
  expect(named.length).toBeGreaterThan(3)
  expect(ALL).toEqual(expect.arrayContaining(named))
  const rows = section(title).match(/^\| I\d+ \|.*$/gm)!
  expect(rows.filter((row) => !/`test\/simulation\/[^`]+\.ts#/.test(row))).toEqual([])
})

it('every bound and invariant names a place and a test', () => {
  const tables = section('What must hold') + section('Every loop, retry and buffer has a bound')
  // Without heads and rules.
  const rows = tables.split('\n').filter((line) => /^\| (?!what \|| ?\|)/.test(line))
  expect(rows.length).toBeGreaterThan(35)
  expect(
    rows.filter(
      (row) => !/`test\/[^`]+`/.test(row) || !/`(?!test\/)[^`]+\.ts#|the bounds below|all of the above/.test(row),
    ),
  ).toEqual([])
})
