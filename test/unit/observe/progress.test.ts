import { describe, expect, test } from 'vitest'
import type { Event } from '../../../libs/observe/events.ts'
import { progressBar } from '../../../libs/observe/progress_bar.ts'
import { progressJson } from '../../../libs/observe/progress_json.ts'
import { progressLines } from '../../../libs/observe/progress_lines.ts'
import { ProgressState } from '../../../libs/observe/progress_state.ts'
import { renderProgress } from '../../../libs/observe/progress_text.ts'
import type { Reader } from '../../../libs/observe/reader.ts'

const feed = 'posts'
const started: Event = { type: 'run_started', run_id: 'r1', source: 'sample', connection: 'prod', tables: ['posts'] }
const finished: Event = { type: 'run_finished', run_id: 'r1', status: 'ok', seconds: 4, rows: 30 }
const begin = (partition: string): Event => ({ type: 'partition_started', feed, partition, tables: ['posts'] })
const done = (partition: string): Event => ({ type: 'partition_done', feed, partition, rows: 10, pages: 1, seconds: 1 })
const page = (rows: number): Event => ({ type: 'page', feed, partition: 'a', rows, received: rows })
const behind = (partition: string): Event => ({
  type: 'partition_behind',
  feed,
  partition,
  code: 'PARLEY_X',
  message: 'no hunter2',
})
const retried: Event = { type: 'retried', method: 'GET', path: '/x', attempt: 1, reason: '503', wait_seconds: 1 }
const throttled = (wait: number): Event => ({
  type: 'throttled',
  scope: 'app',
  method: 'GET',
  path: '/x',
  status: 429,
  wait_seconds: wait,
  retry_after: null,
})

/** A clock that tests move, and what was written with it. */
function stage() {
  const written: string[] = []
  const clock = { ms: Date.UTC(2026, 0, 1, 12) }
  return {
    clock,
    written,
    options: {
      write: (text: string) => void written.push(text),
      now: () => clock.ms,
      redact: (text: string) => text.replaceAll('hunter2', '***'),
      columns: () => 100,
      color: false,
    },
  }
}

function feedState(events: [number, Event][]): { state: ProgressState; now: number } {
  const { clock, options } = stage()
  const state = new ProgressState(options.now)
  const origin = clock.ms
  for (const [seconds, event] of events) {
    clock.ms = origin + seconds * 1000
    state.observe(event)
  }
  return { state, now: clock.ms }
}

const halfway: [number, Event][] = [
  [0, started],
  [0, { type: 'discovered', feed, partitions: 4, refused: 0 }],
  [1, begin('a')],
  [5, page(1200)],
  [10, done('a')],
]

describe('renderProgress', () => {
  test.each<[string, number, [number, Event][], string]>([
    ['nothing yet', 100, [[0, started]], '[                    ] 0/0 partitions, 0 rows, 0 rows/s'],
    ['a quarter', 100, halfway, '[====>               ] 1/4 partitions, 1,200 rows, 120 rows/s, ETA 27 s'],
    ['narrow: no bar, fewer parts', 40, halfway, '1/4 partitions, 1,200 rows, 120 rows/s'],
    ['very narrow', 9, halfway, '1/4 parti'],
    ['no room at all', 0, halfway, ''],
    [
      'paused by the server',
      100,
      [...halfway, [10, throttled(30)]],
      '[====>               ] 1/4 partitions, 1,200 rows, throttled, waiting 30 s, ETA 27 s',
    ],
    [
      'after the pause',
      100,
      [...halfway, [10, throttled(1)], [20, page(0)]],
      '[====>               ] 1/4 partitions, 1,200 rows, 60 rows/s, throttled 1 time, ETA 17 s',
    ],
    [
      'behind and refused',
      120,
      [
        ...halfway,
        [10, behind('b')],
        [10, { type: 'partition_refused', feed, partition: 'c', code: 'X', message: '' }],
      ],
      '[===========>            ] 2/4 partitions, 1,200 rows, 120 rows/s, ETA 9 s, 1 refused, 1 behind',
    ],
    [
      'requests made again',
      100,
      [...halfway, [10, retried], [10, retried]],
      '[====>               ] 1/4 partitions, 1,200 rows, 120 rows/s, retried 2 times, ETA 27 s',
    ],
    [
      'a feed of one request a partition is done, the other has nothing to go by',
      100,
      [
        [0, started],
        [0, { type: 'discovered', feed: 'rooms', partitions: 1, refused: 0 }],
        [0, { type: 'discovered', feed, partitions: 4, refused: 0 }],
        [0, { ...begin('all'), feed: 'rooms' } as Event],
        [1, { ...done('all'), feed: 'rooms' } as Event],
        [5, begin('a')],
      ],
      '[                    ] 1/5 partitions, 0 rows, 0 rows/s',
    ],
  ])('%s', (_, width, events, expected) => {
    const { state, now } = feedState(events)
    expect(renderProgress(state, now, width)).toBe(expected)
  })

  test.each(Array.from({ length: 130 }, (_, width) => width))('never wider than %d', (width) => {
    const { state, now } = feedState([...halfway, [10, behind('b')], [10, throttled(1)]])
    expect(renderProgress(state, now + 5000, width).length).toBeLessThanOrEqual(width)
  })

  test('two lanes: the rest takes half as long', () => {
    const { state } = feedState([
      [0, started],
      [0, { type: 'discovered', feed, partitions: 9, refused: 0 }],
      [0, begin('a')],
      [0, begin('b')],
      [10, done('a')],
    ])
    expect(state.remaining()).toBe(40)
  })

  test('while nothing ends, the time left does not grow; when it has run out, none is shown', () => {
    const times = [10, 20, 30, 37, 60].map((second) => feedState([...halfway, [second, page(0)]]).state.remaining())
    expect(times).toEqual([27, 17, 7, undefined, undefined])
  })

  test('a feed that is listed twice counts every partition once', () => {
    const listed: Event = { type: 'discovered', feed, partitions: 1, refused: 0 }
    const { state } = feedState([
      [0, started],
      [0, listed],
      [0, listed],
      [0, begin('a')],
      [1, begin('b')],
    ])
    expect(state.progress.total).toBe(2)
  })

  test('a partition that is read again counts once', () => {
    const { state } = feedState([...halfway, [11, begin('b')], [12, behind('b')], [13, begin('b')], [14, done('b')]])
    expect(state.progress.partitions).toEqual({ running: 0, done: 2, refused: 0, behind: 0, gone: 0 })
  })
})

describe('progressBar', () => {
  test('redraws at most ten times a second, and wipes itself at the end', () => {
    const { clock, written, options } = stage()
    const bar = progressBar(options)
    bar.observe(started)
    const before = written.length
    for (let ms = 0; ms < 1000; ms++) {
      clock.ms++
      bar.observe(page(1))
    }
    expect(written.length - before).toBe(10)
    bar.observe(finished)
    bar.tick()
    bar.close()
    expect(written.at(-1)).toBe('\r\u001b[2K')
    expect(written.join('').split('\n')).toHaveLength(2)
  })

  test('a warning scrolls by above the bar, redacted, without its escape sequences', () => {
    const { written, options } = stage()
    const bar = progressBar({ ...options, color: true })
    bar.observe(started)
    bar.observe({ type: 'warning', code: 'PARLEY_Y', message: '\u001b[2Jhunter2' })
    expect(written.join('')).toContain('\r\u001b[2K\u001b[33mPARLEY_Y: ?[2J***\u001b[39m\n')
  })

  test('NO_COLOR: no colours', () => {
    const { written, options } = stage()
    progressBar(options).observe({ type: 'warning', code: 'PARLEY_Y', message: 'm' })
    expect(written).toEqual(['PARLEY_Y: m\n'])
  })
})

describe('progressLines', () => {
  test('a line at each milestone, and one in ten seconds between them', () => {
    const { clock, written, options } = stage()
    const lines = progressLines(options)
    const at = (ms: number, event: Event) => {
      clock.ms += ms
      lines.observe(event)
    }
    at(0, started)
    at(0, { type: 'discovered', feed, partitions: 4, refused: 1 })
    for (let second = 0; second < 25; second++) at(1000, page(10))
    at(0, behind('b'))
    at(0, { type: 'partition_refused', feed, partition: 'c', code: 'PARLEY_Z', message: 'No.' })
    at(1000, finished)
    clock.ms += 60_000
    lines.tick()
    expect(written.map((line) => line.trimEnd())).toEqual([
      '12:00:00 sample (prod): posts',
      '12:00:00 posts: 4 partitions, 1 refused',
      '12:00:10 0/4 partitions, 100 rows, 10 rows/s',
      '12:00:20 0/4 partitions, 200 rows, 10 rows/s',
      '12:00:25 warning: posts b is behind: PARLEY_X no ***',
      '12:00:25 warning: posts c refused: PARLEY_Z No.',
      '12:00:26 ok after 4 s, 30 rows',
    ])
  })

  test('a feed that is listed twice names the tables of the second list', () => {
    const { written, options } = stage()
    const lines = progressLines(options)
    for (const table of ['s.posts', 's.replies'])
      lines.observe({ type: 'discovered', feed, partitions: 4, refused: 0, tables: [table] })
    expect(written).toEqual(['12:00:00 posts: 4 partitions\n', '12:00:00 posts (s.replies): 4 partitions\n'])
  })

  test('ten thousand refusals are twenty lines', () => {
    const { written, options } = stage()
    const lines = progressLines(options)
    for (let index = 0; index < 10_000; index++) lines.observe(behind(String(index)))
    expect(written).toHaveLength(20)
    expect(written.at(-1)).toMatch(/further warnings are only in the run log/)
  })
})

test('progressJson writes every event with its time, redacted', () => {
  const { written, options } = stage()
  const reader: Reader = progressJson({ ...options, redact: (text) => text.replaceAll('a"b', '***') })
  reader.observe({ type: 'notice', code: 'PARLEY_N', message: 'secret a"b' })
  expect(JSON.parse(written.join(''))).toEqual({
    at: '2026-01-01T12:00:00.000Z',
    type: 'notice',
    code: 'PARLEY_N',
    message: 'secret ***',
  })
})
