import { createRedactor } from '../../libs/http/redaction.ts'
import type { Observer } from '../../libs/observe/events.ts'
import { progressBar } from '../../libs/observe/progress_bar.ts'
import { progressJson } from '../../libs/observe/progress_json.ts'
import { progressLines } from '../../libs/observe/progress_lines.ts'
import { fanOut, type Reader, type Redact } from '../../libs/observe/reader.ts'
import { runLog } from '../../libs/observe/run_log.ts'
import { statusFile } from '../../libs/observe/status_file.ts'
import { warningLines } from '../../libs/observe/warning_lines.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { Context } from './context.ts'
import type { Io } from './io.ts'
import { canRedraw, usesColor } from './terminal.ts'

const TICK_MS = 250

export type ProgressMode = 'auto' | 'bar' | 'plain' | 'json' | 'none'

export interface ObservingOptions {
  /** `warnings`: notices and warnings only, for commands that are not a run. */
  progress: ProgressMode | 'warnings'
  /** Where `status.json` and `run.ndjson` are kept; absent: nowhere. */
  folder?: string
}

export interface Observing {
  observer: Observer
  redact: Redact
  close(): void
}

/** Sets up the readers of a command's events. `close` must be called before the result is printed. */
export function startObserving({ io, secrets }: Context, { progress, folder }: ObservingOptions): Observing {
  const redactor = createRedactor(secrets)
  const redact = (text: string): string => redactor.text(text)
  const now = Date.now
  const readers = [...progressReaders(io, progress, redact)]
  if (folder !== undefined)
    readers.push(runLog({ folder, now, redact }), statusFile({ folder, now, redact, pid: process.pid }))
  const all = fanOut(readers)
  const timer = setInterval(all.tick, TICK_MS)
  timer.unref()
  return {
    observer: all.observe,
    redact,
    close: () => {
      clearInterval(timer)
      all.close()
    },
  }
}

function progressReaders(io: Io, progress: ObservingOptions['progress'], redact: Redact): Reader[] {
  const options = { write: io.log, now: Date.now, redact }
  const automatic = canRedraw(io) ? 'bar' : 'plain'
  switch (progress === 'auto' ? automatic : progress) {
    case 'bar':
      return [progressBar({ ...options, columns: io.terminal.columns, color: usesColor(io) })]
    case 'plain':
      return [progressLines(options)]
    case 'json':
      return [progressJson(options)]
    case 'warnings':
      return [warningLines(options)]
    default:
      return []
  }
}

/** What somebody should do something about. */
const WARNINGS: ReadonlySet<string> = new Set([
  'PARLEY_CONNECTION_FILE_READABLE',
  'PARLEY_POLLING_TOO_OFTEN',
  'PARLEY_START_AHEAD',
])

/** Notices of the files a command read, as events. */
export function emitNotices(notices: readonly SpecNotice[], observer: Observer): void {
  for (const { code, message, file, line } of notices) {
    const place = file === '' ? '' : `${file}${line > 0 ? `:${line}` : ''}: `
    observer({ type: WARNINGS.has(code) ? 'warning' : 'notice', code, message: `${place}${message}` })
  }
}
