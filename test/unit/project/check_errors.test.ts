import { expect, test } from 'vitest'
import { checkErrors } from '../../../scripts/check_errors.ts'
import { projectFolder } from './project_folder.ts'

const errorClass = (name: string, code: string, kind = 'source', parent = 'ParleyError'): string =>
  `export class ${name} extends ${parent} {\n  readonly code = '${code}'\n  readonly kind = '${kind}'\n}\n`
const row = (code: string, exit: string): string =>
  `| \`${code}\` | It happened to somebody. | Do something. | ${exit} |\n`

const good = {
  'libs/http/slow_error.ts': errorClass('SlowError', 'PARLEY_SLOW'),
  'docs/errors.md': row('PARLEY_SLOW', '5'),
}
const problemsWith = (files: Record<string, string>): string[] =>
  checkErrors(projectFolder({ ...good, ...files })).problems

test('accepts a class with a code of its own and a row', () => {
  expect(problemsWith({ 'README.md': 'After `PARLEY_SLOW`, wait.' })).toEqual([])
})

test('a folder may say the first words of the class', () => {
  const files = { 'libs/duckdb/locked_error.ts': errorClass('DestinationLockedError', 'PARLEY_LOCKED', 'locked') }
  const page = good['docs/errors.md'] + row('PARLEY_LOCKED', '6')
  expect(problemsWith({ ...files, 'docs/errors.md': page })).toEqual([])
})

test('kinds are inherited, and abstract classes need no row', () => {
  const files = {
    'sources/a/errors/auth_error.ts':
      "export abstract class AuthError extends ParleyError {\n  readonly kind = 'configuration'\n}\n",
    'sources/a/errors/auth_failed_error.ts':
      "export class AuthFailedError extends AuthError {\n  readonly code = 'PARLEY_AUTH'\n}\n",
  }
  const page = good['docs/errors.md']
  expect(problemsWith({ ...files, 'docs/errors.md': page + row('PARLEY_AUTH', '3') })).toEqual([])
  expect(problemsWith({ ...files, 'docs/errors.md': page + row('PARLEY_AUTH', '5') })).toEqual([
    'docs/errors.md: PARLEY_AUTH ends with exit code 3, not 5',
  ])
})

test.each<[string, Record<string, string>, string]>([
  [
    'a code that two classes have',
    { 'libs/late_error.ts': errorClass('LateError', 'PARLEY_SLOW') },
    'is the code of libs/http/slow_error.ts already',
  ],
  [
    'a class in a file of another name',
    { 'libs/other_error.ts': errorClass('SlowError', 'PARLEY_SLOW') },
    'belongs in a file slow_error.ts',
  ],
  ['a code without a row', { 'libs/b.ts': "notice('PARLEY_ODD')" }, 'PARLEY_ODD is not explained'],
  [
    'a code of Python without a row',
    { 'pipeline/spark/glue.py': 'raise ParleyError("PARLEY_ODD")' },
    'PARLEY_ODD is not explained',
  ],
  [
    'a row without a code',
    { 'docs/errors.md': row('PARLEY_SLOW', '5') + row('PARLEY_OLD', '5') },
    'PARLEY_OLD does not exist in the code',
  ],
  ['a wrong exit code', { 'docs/errors.md': row('PARLEY_SLOW', '3') }, 'ends with exit code 5, not 3'],
  ['a row twice', { 'docs/errors.md': row('PARLEY_SLOW', '5') + row('PARLEY_SLOW', '5') }, 'is explained twice'],
  [
    'an empty remedy',
    { 'docs/errors.md': '| `PARLEY_SLOW` | It happened to somebody. | | 5 |\n' },
    'needs what happened and what to do',
  ],
  ['a name in a page that nothing has', { 'README.md': 'See `PARLEY_FAST`.' }, 'README.md: there is no PARLEY_FAST'],
])('refuses %s', (_, files, words) => {
  expect(problemsWith(files).join('\n')).toContain(words)
})

test('refuses two classes in one file', () => {
  const two = errorClass('SlowError', 'PARLEY_SLOW') + errorClass('SlowerError', 'PARLEY_SLOWER')
  expect(problemsWith({ 'libs/http/slow_error.ts': two }).join('\n')).toContain('has 2 error classes; one a file')
})

test('variables of a source’s options may be named', () => {
  const files = { 'sources/teams/options.ts': 'export const options = {\n  client_id: {\n  },\n}\n' }
  expect(problemsWith({ ...files, 'README.md': '`PARLEY_TEAMS_CLIENT_ID`' })).toEqual([])
  expect(problemsWith({ ...files, 'README.md': '`PARLEY_TEAMS_CLIENT_IDS`' })).toEqual([
    'README.md: there is no PARLEY_TEAMS_CLIENT_IDS',
  ])
})
