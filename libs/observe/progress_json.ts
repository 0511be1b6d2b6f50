import { eventLine } from './event_line.ts'
import type { LineOptions } from './progress_lines.ts'
import type { Reader } from './reader.ts'

/** Every event as one line of NDJSON, for a program that watches. */
export function progressJson({ write, now, redact }: LineOptions): Reader {
  return { observe: (event) => write(eventLine(event, now(), redact)), tick: () => {}, close: () => {} }
}
