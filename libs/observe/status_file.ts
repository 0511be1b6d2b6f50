import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from './events.ts'
import { ProgressState } from './progress_state.ts'
import type { Clock, Reader, Redact } from './reader.ts'
import { redactedJson } from './redacted_json.ts'
import { collectStatistics, type Statistics } from './statistics.ts'

const EVERY_MS = 1000

/** `<file>.parley/status.json`: what a run is doing, for `parley status` and for anything that watches. */
export interface StatusFile extends Statistics {
  v: 1
  run_id: string
  source: string
  connection: string
  /** `running`, then the run's final status. A `running` whose `pid` is gone was killed. */
  state: string
  pid: number
  started_at: string
  updated_at: string
  seconds: number
  changed: number
  partitions: { total: number; done: number; running: number; refused: number; behind: number; gone: number }
  /** Seconds that the server still asks us to wait; 0 when it does not. */
  pause_seconds: number
}

export interface StatusFileOptions {
  /** `<file>.parley`; made when the run starts. */
  folder: string
  now: Clock
  redact: Redact
  pid: number
}

/** Keeps `status.json`: at most once a second, always whole (written beside it and renamed), and once more at the end. */
export function statusFile({ folder, now, redact, pid }: StatusFileOptions): Reader {
  const file = join(folder, 'status.json')
  const state = new ProgressState(now)
  const statistics = collectStatistics()
  let run: Extract<Event, { type: 'run_started' }> | undefined
  let outcome = 'running'
  let writtenAt = Number.NEGATIVE_INFINITY

  const write = (): void => {
    if (run === undefined) return
    writtenAt = now()
    const status = describe(run, outcome, state, statistics.read(), pid, writtenAt)
    writeFileSync(`${file}.new`, `${redactedJson(status, redact)}\n`)
    renameSync(`${file}.new`, file)
  }
  const tick = (): void => {
    if (outcome === 'running' && now() - writtenAt >= EVERY_MS) write()
  }
  return {
    observe(event) {
      state.observe(event)
      statistics.observe(event)
      if (event.type === 'run_started') {
        run = event
        mkdirSync(folder, { recursive: true })
      } else if (event.type === 'run_finished') {
        outcome = event.status
        write()
      }
      tick()
    },
    tick,
    close: () => {
      if (outcome === 'running') write()
    },
  }
}

function describe(
  run: Extract<Event, { type: 'run_started' }>,
  outcome: string,
  state: ProgressState,
  statistics: Statistics,
  pid: number,
  now: number,
): StatusFile {
  const { progress } = state
  return {
    v: 1,
    run_id: run.run_id,
    source: run.source,
    connection: run.connection,
    state: outcome,
    pid,
    started_at: new Date(progress.startedAt ?? now).toISOString(),
    updated_at: new Date(now).toISOString(),
    seconds: Math.round(state.elapsed() * 10) / 10,
    ...statistics,
    changed: progress.changed,
    partitions: { total: progress.total, ...progress.partitions },
    pause_seconds: Math.max(0, Math.round((progress.pausedUntil - now) / 100) / 10),
  }
}
