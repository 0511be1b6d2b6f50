import type { Event } from './events.ts'
import { printable } from './format.ts'
import { notableEvents } from './notable.ts'
import { ProgressState } from './progress_state.ts'
import { renderProgress } from './progress_text.ts'
import type { Clock, Reader, Redact } from './reader.ts'

/** Ten redraws a second are as many as an eye follows. */
const REDRAW_MS = 100

export interface TerminalOptions {
  write(text: string): void
  now: Clock
  redact: Redact
  /** Characters in a line; asked before each redraw, since a window changes its size. */
  columns(): number
  /** False under NO_COLOR. */
  color: boolean
}

/** A line at the bottom of a terminal that is drawn again and again, with notices scrolling by above it. */
export function progressBar({ write, now, redact, columns, color }: TerminalOptions): Reader {
  const state = new ProgressState(now)
  const notable = notableEvents()
  const erase = '\r\u001b[2K'
  let drawnAt = Number.NEGATIVE_INFINITY
  let shown = false

  const draw = (): void => {
    if (state.progress.startedAt === undefined || state.progress.finished || now() - drawnAt < REDRAW_MS) return
    drawnAt = now()
    // The last column stays free: some terminals wrap as soon as it is written.
    write(erase + renderProgress(state, now(), columns() - 1))
    shown = true
  }
  const clear = (): void => {
    if (shown) write(erase)
    shown = false
  }
  const say = (event: Event): void => {
    const description = event.type === 'run_finished' ? null : notable(event)
    if (description === null) return
    clear()
    const text = printable(redact(description.text))
    write(`${color && description.level === 'warning' ? `\u001b[33m${text}\u001b[39m` : text}\n`)
    drawnAt = Number.NEGATIVE_INFINITY
  }
  return {
    observe(event) {
      state.observe(event)
      say(event)
      if (event.type === 'run_finished') clear()
      else draw()
    },
    tick: draw,
    close: clear,
  }
}
