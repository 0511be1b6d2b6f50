import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Event } from '../../../libs/observe/events.ts'
import { fanOut } from '../../../libs/observe/reader.ts'
import { runLog } from '../../../libs/observe/run_log.ts'
import { collectStatistics } from '../../../libs/observe/statistics.ts'
import { statusFile } from '../../../libs/observe/status_file.ts'

const started: Event = { type: 'run_started', run_id: 'r1', source: 'sample', connection: 'prod', tables: ['posts'] }
const finished: Event = { type: 'run_finished', run_id: 'r1', status: 'partial', seconds: 4, rows: 30 }
const notice = (message: string): Event => ({ type: 'notice', code: 'PARLEY_N', message })
const request: Event = { type: 'request', method: 'GET', path: '/x', status: 200, seconds: 0.1, bytes: 500 }

let root: string
let folder: string
let clock: { ms: number }
const redact = (text: string) => text.replaceAll('hunter2', '***')
const now = () => clock.ms

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-observe-'))
  folder = join(root, 'lake.duckdb.parley')
  clock = { ms: Date.UTC(2026, 0, 1) }
})
afterEach(() => rmSync(root, { recursive: true }))

const readLines = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('runLog', () => {
  test('writes nothing before the run has the lock, then what came before too', () => {
    const log = runLog({ folder, now, redact })
    log.observe(notice('early hunter2'))
    log.tick()
    log.close()
    expect(existsSync(folder)).toBe(false)
    log.observe(started)
    log.observe(request)
    log.close()
    expect(readLines('run.ndjson').map((line) => [line.type, line.message])).toEqual([
      ['notice', 'early ***'],
      ['run_started', undefined],
      ['request', undefined],
    ])
  })

  test('two files at most, none above the bound, the newest events kept', () => {
    const maxBytes = 10_000
    for (let run = 0; run < 5; run++) {
      const log = runLog({ folder, now, redact, maxBytes })
      log.observe(started)
      for (let index = 0; index < 100; index++) {
        log.observe(notice(`${run}-${index} ${'x'.repeat(50)}`))
        log.tick()
      }
      log.close()
    }
    expect(readdirSync(folder).sort()).toEqual(['run.1.ndjson', 'run.ndjson'])
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(maxBytes)
    expect(readLines('run.ndjson').at(-1).message).toMatch(/^4-99 /)
    expect(readLines('run.1.ndjson').length + readLines('run.ndjson').length).toBeGreaterThan(100)
  })
})

describe('statusFile', () => {
  const read = () => JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'))

  test('is whole at any time, written once a second at most, and final at the end', () => {
    const status = statusFile({ folder, now, redact, pid: 42 })
    status.tick()
    expect(existsSync(folder)).toBe(false)
    status.observe(started)
    expect(read()).toMatchObject({
      v: 1,
      run_id: 'r1',
      state: 'running',
      pid: 42,
      requests: 0,
      partitions: { total: 0 },
    })
    status.observe({ type: 'discovered', feed: 'posts', partitions: 3, refused: 0 })
    for (let index = 0; index < 999; index++) {
      clock.ms++
      status.observe(request)
    }
    expect(read().requests).toBe(0)
    clock.ms++
    status.tick()
    expect(read()).toMatchObject({
      requests: 999,
      bytes: 499_500,
      seconds: 1,
      partitions: { total: 3 },
      updated_at: '2026-01-01T00:00:01.000Z',
    })
    status.observe(finished)
    expect(read().state).toBe('partial')
    status.close()
    expect(readdirSync(folder)).toEqual(['status.json'])
  })

  test('counts the pause that the server asked for', () => {
    const status = statusFile({ folder, now, redact, pid: 42 })
    status.observe(started)
    status.observe({
      type: 'throttled',
      scope: 'app',
      method: 'GET',
      path: '/x',
      status: 429,
      wait_seconds: 30,
      retry_after: '30',
    })
    clock.ms += 10_000
    status.tick()
    expect(read()).toMatchObject({ throttled: 1, pause_seconds: 20 })
  })
})

test('collectStatistics counts by kind and table', () => {
  const collector = collectStatistics()
  const events: Event[] = [
    request,
    { ...request, status: 429 },
    { type: 'retried', method: 'GET', path: '/x', attempt: 1, reason: 'reset', wait_seconds: 1 },
    { type: 'page', feed: 'posts', partition: 'a', rows: 5, received: 9, by_table: { posts: 3, replies: 2 } },
    { type: 'page', feed: 'rooms', partition: 'a', rows: 4, received: 4 },
    {
      type: 'committed',
      unit: 1,
      rows: 5,
      changed: 4,
      bytes: 10,
      seconds: 1,
      by_table: { posts: { inserted: 2, updated: 1, deleted: 1 } },
    },
  ]
  for (const event of events) collector.observe(event)
  expect(collector.read()).toEqual({
    requests: 2,
    throttled: 0,
    retried: 1,
    bytes: 1000,
    rows: 9,
    tables: {
      posts: { read: 3, inserted: 2, updated: 1, deleted: 1 },
      replies: { read: 2, inserted: 0, updated: 0, deleted: 0 },
    },
  })
})

test('a reader that fails does not stop the others', () => {
  const seen: string[] = []
  const broken = () => {
    throw new Error('ENOSPC')
  }
  const all = fanOut([
    { observe: broken, tick: broken, close: broken },
    { observe: (event) => seen.push(event.type), tick: () => seen.push('tick'), close: () => seen.push('close') },
  ])
  all.observe(request)
  all.tick()
  all.close()
  expect(seen).toEqual(['request', 'tick', 'close'])
})
