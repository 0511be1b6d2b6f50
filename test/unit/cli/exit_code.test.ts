import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../../libs/connect/error.ts'
import { exitCodeOfError, exitCodeOfResult, exitCodeOfSignal } from '../../../pipeline/cli/exit_code.ts'
import { UsageError } from '../../../pipeline/cli/usage_error.ts'
import { parley } from './run_parley.ts'

test.each<[Parameters<typeof exitCodeOfResult>[0], number]>([
  [{ status: 'ok' }, 0],
  [{ status: 'partial' }, 4],
  [{ status: 'failed' }, 5],
  [{ status: 'failed', exit_kind: 'configuration' }, 3],
  [{ status: 'failed', exit_kind: 'locked' }, 6],
  [{ status: 'interrupted' }, 130],
])('%j is %d', (result, code) => {
  expect(exitCodeOfResult(result, null)).toBe(code)
})

test('interrupted by SIGTERM is 143', () => {
  expect(exitCodeOfResult({ status: 'interrupted' }, 'SIGTERM')).toBe(143)
  expect(exitCodeOfSignal('SIGINT')).toBe(130)
})

test.each<[ErrorKind, number]>([
  ['bug', 1],
  ['usage', 2],
  ['configuration', 3],
  ['partial', 4],
  ['source', 5],
  ['locked', 6],
])('an error of the kind %s is %d', (kind, code) => {
  expect(exitCodeOfError(Object.assign(new Error('x'), { code: 'PARLEY_X', kind }))).toBe(code)
})

test('an error without a code is a bug', () => {
  expect(exitCodeOfError(new TypeError('x'))).toBe(1)
  expect(exitCodeOfError(new UsageError('x', 'y'))).toBe(2)
})

describe('a real process', () => {
  let cwd: string
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'parley-cli-'))
    const spec = (more: string) => `connection_name: prod\nobjects:\n  - table:\n      source_table: messages\n${more}`
    await writeFile(join(cwd, 'good.yaml'), spec(''))
    await writeFile(join(cwd, 'bad.yaml'), spec('      destnation_table: x\n'))
    await writeFile(join(cwd, 'sections.yaml'), 'one:\n  tenant_id: a\n')
  })
  afterAll(() => rm(cwd, { recursive: true }))

  const teams = ['--source', 'microsoft_teams']
  test.each<[string, string[], number, RegExp]>([
    ['help', ['--help'], 0, /^$/],
    ['version', ['--version'], 0, /^$/],
    ['help of a command', ['sync', '--help'], 0, /^$/],
    ['no command', [], 2, /^error PARLEY_USAGE: A command is missing\.\n {2}→ Usage: parley/],
    ['unknown command', ['snyc'], 2, /Unknown command 'snyc'\.\n {2}→ Did you mean sync\?/],
    [
      'unknown flag',
      ['tables', 'microsoft_teams', '--outptu', 'json'],
      2,
      /Unknown option '--outptu'\.\n {2}→ Did you mean --output\?/,
    ],
    ['a schedule too dense', ['sync', ...teams, '--every', '9s'], 2, /such as 15m, from 10 seconds to 31 days\./],
    ['a schedule without a unit', ['sync', ...teams, '--every', '15'], 2, /It must be a number with s, m, h or d/],
    ['everything again, again and again', ['sync', ...teams, '--every', '1d', '--full'], 2, /cannot be used with/],
    ['a dry run again and again', ['sync', ...teams, '--every', '1d', '--dry-run'], 2, /cannot be used with/],
    ['state without a command of its own', ['state'], 2, /A command is missing\.\n {2}→ Usage: parley state/],
    ['unknown command of state', ['state', 'rest'], 2, /Unknown command 'rest'\.\n {2}→ Did you mean reset\?/],
    ['help of a command of state', ['state', 'reset', '--help'], 0, /^$/],
    ['state of nothing', ['state', 'show'], 2, /There is no database lake\.duckdb\./],
    ['quarantine of nothing', ['quarantine', 'list'], 2, /There is no database lake\.duckdb\./],
    ['wrong choice', ['tables', 'microsoft_teams', '--output', 'xml'], 2, /Allowed choices are text, json\./],
    ['not a number', ['sync', ...teams, '--workers', '0'], 2, /It must be a whole number from 1 to 256\./],
    ['too many arguments', ['tables', 'a', 'b'], 2, /Too many arguments/],
    [
      'unknown source',
      ['tables', 'microsoft_team'],
      2,
      /There is no source microsoft_team\.\n {2}→ Did you mean microsoft_teams\?/,
    ],
    ['a name of every object', ['tables', 'constructor'], 2, /There is no source constructor\./],
    [
      'unknown table',
      ['schema', 'microsoft_teams', 'mesages'],
      2,
      /^error PARLEY_TABLE_UNKNOWN: .* has no table mesages\.\n {2}→ Did you mean messages\?/,
    ],
    [
      'unknown option of a table: neither settings of a spec nor options that do nothing are offered',
      ['schema', 'microsoft_teams', 'messages', '--option', 'startdate='],
      2,
      /^error PARLEY_OPTION_UNKNOWN: There is no option startdate\.\n {2}→ Did you mean start_date\? Known: (?!.*(scd_type|fetch_all)).*end_date,/,
    ],
    [
      'an option that does nothing says so',
      ['schema', 'microsoft_teams', 'messages', '--option', 'top=5'],
      0,
      /^The page size is page_size; top does nothing\.\n$/,
    ],
    ['sync without source', ['sync', 'good.yaml'], 2, /Required option '--source <source>' not specified\./],
    [
      'a spec that is not there',
      ['sync', 'none.yaml', ...teams],
      2,
      /^error PARLEY_FILE_UNREADABLE: The pipeline spec none\.yaml does not exist\./,
    ],
    [
      'a bad spec',
      ['sync', 'bad.yaml', ...teams],
      2,
      /^error PARLEY_SPEC_INVALID: bad\.yaml:5:7: there is no key destnation_table in table\.\n {2}→ Did you mean destination_table\?/,
    ],
    [
      'a table that the spec does not read',
      ['sync', 'good.yaml', ...teams, '--tables', 'teams'],
      2,
      /--tables names teams, which the spec does not read/,
    ],
    [
      'a destination of another kind',
      ['sync', 'good.yaml', ...teams, '--destination', 'oracle:x'],
      2,
      /There is no destination of the kind oracle\./,
    ],
    ['status of nothing', ['status'], 2, /There is no database lake\.duckdb\./],
    [
      'no credentials',
      ['sync', 'good.yaml', ...teams],
      3,
      /^error PARLEY_CONNECTION_INVALID: There is no configs\/microsoft_teams\/dev_config\.json in .* Option tenant_id is required.*\n {2}→ .*--connection FILE.*PARLEY_MICROSOFT_TEAMS_TENANT_ID/,
    ],
    [
      'no such connection',
      ['sync', 'good.yaml', ...teams, '--connection', 'sections.yaml'],
      3,
      /sections\.yaml: there is no connection prod\./,
    ],
  ])('%s', async (_, args, code, stderr) => {
    const ended = await parley(args, { cwd })
    expect(ended.stderr).toMatch(stderr)
    expect(ended).toMatchObject({ code, signal: null })
    if (code !== 0) expect(ended.stdout).toBe('')
  })

  test('--output json puts the error on stdout as well', async () => {
    const ended = await parley(['sync', 'bad.yaml', ...teams, '--output', 'json'], { cwd })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/^error PARLEY_SPEC_INVALID/)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'PARLEY_SPEC_INVALID', kind: 'usage', details: { file: 'bad.yaml', line: 5, column: 7 } },
    })
  })

  test('a usage error of the flags is JSON too', async () => {
    const { stdout, code } = await parley(['tables', 'x', '--what', '--output=json'], { cwd })
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'PARLEY_USAGE'])
  })

  test('a secret never reaches an output, whatever asks for it', async () => {
    const env = {
      PARLEY_MICROSOFT_TEAMS_TENANT_ID: 't',
      PARLEY_MICROSOFT_TEAMS_CLIENT_ID: 'c',
      PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET: 'hunter2-hunter2',
    }
    const ended = await parley(['read', 'microsoft_teams', 'messages', '--option', 'client_secret=hunter2-hunter2'], {
      cwd,
      env,
    })
    expect(ended.code).toBe(2)
    expect(ended.stdout + ended.stderr).not.toContain('hunter2')
  })
})
