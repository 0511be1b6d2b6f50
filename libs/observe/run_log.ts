import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { eventLine } from './event_line.ts'
import type { Event } from './events.ts'
import type { Clock, Reader, Redact } from './reader.ts'

const FLUSH_BYTES = 64 * 1024
/** Events before `run_started` that are kept: a handful of notices. */
const MOST_EARLY = 1000

export interface RunLogOptions {
  /** `<file>.parley`; made when the run starts. */
  folder: string
  now: Clock
  redact: Redact
  /** Size at which `run.ndjson` becomes `run.1.ndjson` and a new one begins. Default 16 MiB. */
  maxBytes?: number
}

/**
 * `run.ndjson`: every event of this run and those before it, at most two files of `maxBytes`. Nothing is written
 * before `run_started`, which comes after the destination's lock: a second process must not write into the folder of the first.
 */
export function runLog({ folder, now, redact, maxBytes = 16 * 1024 * 1024 }: RunLogOptions): Reader {
  const file = join(folder, 'run.ndjson')
  let started = false
  let lines: string[] = []
  let waiting = 0
  let size = 0

  const open = (): void => {
    started = true
    mkdirSync(folder, { recursive: true })
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  }
  const flush = (): void => {
    if (!started || lines.length === 0) return
    const text = lines.join('')
    lines = []
    waiting = 0
    if (size > 0 && size + Buffer.byteLength(text) > maxBytes) {
      renameSync(file, join(folder, 'run.1.ndjson'))
      size = 0
    }
    appendFileSync(file, text)
    size += Buffer.byteLength(text)
  }
  return {
    observe(event: Event) {
      if (event.type === 'run_started') open()
      if (!started && lines.length >= MOST_EARLY) return
      const line = eventLine(event, now(), redact)
      lines.push(line)
      waiting += line.length
      if (waiting >= FLUSH_BYTES || event.type === 'run_started' || event.type === 'run_finished') flush()
    },
    tick: flush,
    close: flush,
  }
}
