import { printable } from './format.ts'
import { notableEvents } from './notable.ts'
import { ProgressState } from './progress_state.ts'
import { progressParts } from './progress_text.ts'
import type { Clock, Reader, Redact } from './reader.ts'

const EVERY_MS = 10_000

export interface LineOptions {
  write(text: string): void
  now: Clock
  redact: Redact
}

/** Plain lines for logs and pipes: one at every milestone, and one every ten seconds in between. */
export function progressLines({ write, now, redact }: LineOptions): Reader {
  const state = new ProgressState(now)
  const notable = notableEvents()
  let writtenAt = now()
  const line = (text: string): void => {
    writtenAt = now()
    const time = new Date(writtenAt).toISOString().slice(11, 19)
    write(`${time} ${printable(redact(text))}\n`)
  }
  const tick = (): void => {
    if (state.progress.startedAt === undefined || state.progress.finished || now() - writtenAt < EVERY_MS) return
    line(progressParts(state, now()).join(', '))
  }
  return {
    observe(event) {
      state.observe(event)
      const description = notable(event)
      if (description !== null)
        line(description.level === 'warning' ? `warning: ${description.text}` : description.text)
      else tick()
    },
    tick,
    close: () => {},
  }
}
