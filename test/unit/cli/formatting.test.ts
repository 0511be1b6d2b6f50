import { describe, expect, test } from 'vitest'
import type { StatusFile } from '../../../libs/observe/status_file.ts'
import { textTable } from '../../../libs/observe/text_table.ts'
import { companionFolder, parseDestination } from '../../../pipeline/cli/destination_url.ts'
import { errorToJson, formatError } from '../../../pipeline/cli/print_error.ts'
import { formatReport, formatRunning } from '../../../pipeline/cli/status_text.ts'
import { formatSummary, resultToJson } from '../../../pipeline/cli/sync_summary.ts'
import { UsageError } from '../../../pipeline/cli/usage_error.ts'
import type { RunResult } from '../../../pipeline/sync/types.ts'

test.each([
  ['duckdb:lake.duckdb', 'lake.duckdb'],
  ['duckdb:./a b/lake.duckdb', './a b/lake.duckdb'],
  ['duckdb:/var/lake.duckdb', '/var/lake.duckdb'],
  ['duckdb:///var/lake.duckdb', '/var/lake.duckdb'],
  ['duckdb://data/lake.duckdb', 'data/lake.duckdb'],
])('parseDestination(%s)', (url, path) => {
  expect(parseDestination(url)).toEqual({ kind: 'duckdb', path })
  expect(companionFolder(parseDestination(url))).toBe(`${path}.parley`)
})

test.each(['lake.duckdb', 'duckdb:', 'duckdb://', 'duckdb:dir/', 'duckdb::memory:', 'postgres://x/y', 'DUCKDB:x', ''])(
  'parseDestination refuses %j',
  (url) => {
    expect(() => parseDestination(url)).toThrow(UsageError)
  },
)

describe('textTable', () => {
  test('texts to the left, numbers to the right, no trailing blanks', () => {
    expect(
      textTable([
        ['name', 'rows', 'note'],
        ['a', '1,000', ''],
        ['long name', 5, 'x'],
      ]),
    ).toBe('name        rows  note\na          1,000\nlong name      5  x\n')
  })

  test('what an API named cannot break lines or move the cursor', () => {
    expect(textTable([['n'], ['a\nb\u001b[31m']])).toBe('n\na b?[31m\n')
  })

  test('a head alone', () => {
    expect(textTable([['a', 'b']])).toBe('a  b\n')
  })
})

describe('formatError', () => {
  const error = new UsageError('First.\nSecond.', 'Do this.\nThen that.')

  test('what happened, and below it what to do', () => {
    expect(formatError(error, false)).toBe('error PARLEY_USAGE: First.\n  Second.\n  → Do this.\n    Then that.\n')
    expect(formatError(error, true)).toContain('\u001b[31merror PARLEY_USAGE\u001b[39m: First')
  })

  test('an error without a code shows its stack', () => {
    const text = formatError(new TypeError('x is undefined'), false)
    expect(text).toMatch(/^error PARLEY_BUG: TypeError: x is undefined\n {2}→ This is a defect/)
    expect(text).toContain('formatting.test.ts')
    expect(errorToJson(new TypeError('x'))).toMatchObject({ error: { code: 'PARLEY_BUG', kind: 'bug' } })
  })
})

const result: RunResult = {
  run_id: 'r1',
  status: 'partial',
  started_at: '2026-01-01T00:00:00Z',
  completed_at: '2026-01-01T00:01:05Z',
  seconds: 65,
  requests: 1200,
  throttled: 3,
  retried: 0,
  bytes: 5_242_880,
  errors: [
    {
      partition: 'team-1',
      code: 'PARLEY_PERMISSION_MISSING',
      message: '403 Forbidden',
      at: '2026-01-01T00:00:30Z',
      tables: ['teams.teams', 'teams.messages'],
      remedy: 'Grant ChannelMessage.Read.All.',
    },
    {
      partition: 'team-2',
      code: 'PARLEY_PERMISSION_MISSING',
      message: '403 Forbidden',
      at: '2026-01-01T00:00:31Z',
      tables: ['teams.messages', 'teams.teams'],
      remedy: 'Grant ChannelMessage.Read.All.',
    },
    { partition: null, code: 'PARLEY_X', message: 'Else.', at: '2026-01-01T00:00:31Z' },
  ],
  tables: [
    {
      table: 'messages',
      destination: 'teams.messages',
      read: 123_456,
      inserted: 1000,
      updated: 20,
      deleted: 0,
      rescued: 1,
      quarantined: 0,
      partitions: { total: 12, done: 9, failed: 1, refused: 2 },
      seconds: 29.5,
    },
    {
      table: 'teams',
      destination: 'teams.teams',
      read: 12,
      inserted: 0,
      updated: 0,
      deleted: 0,
      rescued: 0,
      quarantined: 0,
      partitions: { total: 1, done: 1, failed: 0, refused: 0 },
      seconds: 1.5,
    },
  ],
  statistics: {
    maxConcurrentChannels: 4,
    averageChannelTime: 2.5,
    totalApiCalls: 1234,
    rateLimitEncounters: 0,
    slowest: [{ partition: 'team-1', tables: ['teams.messages'], seconds: 12 }],
  },
  exit_kind: 'partial',
}

test('formatSummary', () => {
  expect(formatSummary(result)).toBe(
    [
      'table              read  inserted  updated  deleted  rescued  quarantined  partitions',
      'teams.messages  123,456     1,000       20        0        1            0  9 of 12 (1 behind, 2 refused)',
      'teams.teams          12         0        0        0        0            0  1 of 1',
      '',
      'partial in 1m 05s: 1,200 requests, 5 MiB, throttled 3 times (run r1)',
      '',
      'PARLEY_PERMISSION_MISSING in teams.messages, teams.teams',
      '  team-1, team-2: 403 Forbidden',
      '  → Grant ChannelMessage.Read.All.',
      '',
      'PARLEY_X',
      '  Else.',
      '',
      'Rows of partitions that were not read stay as they are; the next sync asks for them again.',
      '',
    ].join('\n'),
  )
})

test('a run that a signal ended says how it goes on', () => {
  const summary = formatSummary({ ...result, status: 'interrupted', errors: [], tables: [] })
  expect(summary).toBe(
    'interrupted in 1m 05s: 1,200 requests, 5 MiB, throttled 3 times (run r1)\n  → Run the same command again: it goes on where it stopped.\n',
  )
})

test('a thousand refusals are twenty lines', () => {
  const errors = Array.from({ length: 1000 }, (_, index) => ({
    partition: `t${index}`,
    code: 'PARLEY_X',
    message: `m${index}`,
    at: '',
  }))
  expect(
    formatSummary({ ...result, errors })
      .split('\n')
      .slice(6),
  ).toHaveLength(25)
  const alike = errors.map((error) => ({ ...error, message: `No ${error.partition}.` }))
  expect(
    formatSummary({ ...result, errors: alike })
      .split('\n')
      .slice(6, 8),
  ).toEqual(['PARLEY_X', '  t0, t1, t10 and 997 more: No ….'])
})

test('the JSON result has the documented members and nothing else', () => {
  const json = resultToJson(result) as RunResult
  expect(Object.keys(json).join()).toBe(
    'run_id,status,started_at,completed_at,seconds,requests,throttled,retried,bytes,errors,tables,statistics',
  )
  expect(Object.keys(json.errors[0]!)).toEqual(['partition', 'code', 'message', 'at', 'tables'])
  // What is the run's has no tables.
  expect(Object.keys(json.errors[2]!)).toEqual(['partition', 'code', 'message', 'at'])
})

test('formatRunning', () => {
  const status = {
    v: 1,
    run_id: 'r1',
    source: 'sample',
    connection: 'prod',
    state: 'running',
    pid: 42,
    started_at: 'S',
    updated_at: 'U',
    seconds: 65,
    changed: 3,
    requests: 2,
    throttled: 1,
    retried: 0,
    bytes: 1024,
    rows: 10,
    tables: {},
    pause_seconds: 12,
    partitions: { total: 5, done: 2, running: 1, refused: 1, behind: 1, gone: 0 },
  } satisfies StatusFile
  expect(formatRunning(status)).toBe(
    'running: sample (prod), run r1, process 42\nsince S (1m 05s), as of U\n2 of 5 partitions done, 1 being read, 1 behind, 1 refused\n10 rows read, 3 changed, 2 requests, 1 KiB, throttled 1 time\nthe server asked to wait 12 s\n',
  )
})

test('formatReport', () => {
  expect(formatReport({ runs: [], coverage: [], problems: [], quarantine: [] })).toBe('No run yet.\n')
  const text = formatReport({
    runs: [
      {
        run_id: 'r1',
        connection: 'prod',
        source: 'sample',
        status: 'ok',
        started_at: 'S',
        completed_at: null,
        error: null,
      },
    ],
    coverage: [{ connection: 'prod', table: 's.posts', ok: 5, behind: 1, refused: 2, gone: 0, synced_until: 'T' }],
    problems: [
      {
        connection: 'prod',
        table: 's.posts',
        partition: 'a',
        state: 'refused',
        synced_until: null,
        code: 'PARLEY_X',
        message: 'No.',
      },
    ],
    quarantine: [{ connection: 'prod', table: 's.posts', rows: 3 }],
  })
  expect(text.split('\n\n').map((section) => section.split('\n')[1])).toEqual([
    'S        ok      sample  prod        -          r1',
    's.posts  prod         5       1        2     0  T',
    's.posts      1  a          refused  -             PARLEY_X  No.',
    's.posts         prod           3',
  ])
})

test('formatReport: what ended a run, and equal problems as one line', () => {
  const run = { connection: 'prod', source: 'sample', started_at: 'S', completed_at: 'C' }
  const problem = { connection: 'prod', table: 's.posts', state: 'refused', code: 'PARLEY_X' }
  const partition = (name: string, synced_until: string | null) => {
    const message = `GET /rooms/${encodeURIComponent(name)} is forbidden.`
    return { ...problem, partition: name, synced_until, message }
  }
  const text = formatReport({
    runs: [
      { ...run, run_id: 'r2', status: 'failed', error: { code: 'PARLEY_Z', message: 'The disk is full.' } },
      { ...run, run_id: 'r1', status: 'ok', error: null },
    ],
    coverage: [],
    problems: [
      ...['#a', '#b', '#c', '#d'].map((name) => partition(name, '2026-01-02')),
      { ...partition('#e', '2026-01-01'), message: 'No #e.' },
      { ...partition('#e', '2026-01-01'), message: 'No #e.', table: 's.likes' },
      partition('#f', null),
    ],
    quarantine: [],
  })
  expect(text.split('\n')).toEqual([
    'started  status  source  connection  completed  run  ended by',
    'S        failed  sample  prod        C          r2   PARLEY_Z: The disk is full.',
    'S        ok      sample  prod        C          r1',
    '',
    'table             count  partition     state    synced until  code      message',
    's.posts               5  #a, #b, #c …  refused  -             PARLEY_X  GET /rooms/… is forbidden.',
    's.posts, s.likes      1  #e            refused  2026-01-01    PARLEY_X  No ….',
    'Rows of partitions that were not read stay as they are; the next sync asks for them again.',
    '',
  ])
})
