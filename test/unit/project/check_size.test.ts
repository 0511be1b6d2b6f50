import { expect, test } from 'vitest'
import { checkSize } from '../../../scripts/check_size.ts'
import { projectFolder } from './project_folder.ts'

const lines = (count: number): string => 'x\n'.repeat(count)

test('accepts 300 lines of source and 500 of a test', () => {
  const root = projectFolder({ 'libs/a.ts': lines(300), 'test/a.test.ts': lines(500), 'docs/long.md': lines(900) })
  expect(checkSize(root, {})).toEqual({
    summary: '1 source files, median 300 lines, longest 300; 1 test files, median 500 lines, longest 500.',
    problems: [],
  })
})

test.each([
  ['libs/a.ts', 301, 300],
  ['pipeline/spark/glue.py', 301, 300],
  ['scripts/a.sh', 301, 300],
  ['test/unit/a.test.ts', 501, 500],
])('refuses %s with %i lines', (path, count, most) => {
  const root = projectFolder({ [path]: lines(count) })
  expect(checkSize(root, {}).problems).toEqual([`${path}: ${count} lines, at most ${most}`])
})

test('leaves generated and installed files alone', () => {
  const root = projectFolder({ 'libs/node_modules/a.ts': lines(999), 'sources/x/_generated_x.py': lines(999) })
  expect(checkSize(root, {}).problems).toEqual([])
})

test('an exception holds while it is needed, and is a problem after that', () => {
  const excepted = { 'libs/a.ts': 'a table of constants' }
  expect(checkSize(projectFolder({ 'libs/a.ts': lines(400) }), excepted).problems).toEqual([])
  expect(checkSize(projectFolder({ 'libs/a.ts': lines(20) }), excepted).problems).toEqual([
    'libs/a.ts: is short enough and needs no exception',
  ])
})
