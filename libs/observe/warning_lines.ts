import { printable } from './format.ts'
import { notableEvents } from './notable.ts'
import type { LineOptions } from './progress_lines.ts'
import type { Reader } from './reader.ts'

/** Warnings and notices as lines, and nothing else: for commands whose result is the point. */
export function warningLines({ write, redact }: Omit<LineOptions, 'now'>): Reader {
  const notable = notableEvents()
  return {
    observe(event) {
      const description = notable(event)
      if (description?.level === 'warning') write(`warning: ${printable(redact(description.text))}\n`)
      else if (event.type === 'notice') write(`${printable(redact(event.message))}\n`)
    },
    tick: () => {},
    close: () => {},
  }
}
