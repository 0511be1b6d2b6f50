import type { Event, Observer } from './events.ts'

/** Something that shows or keeps the event stream. Its owner calls `tick` about four times a second, and `close` once at the end. */
export interface Reader {
  observe: Observer
  /** Time has passed: redraw, write what is due. */
  tick(): void
  /** Write what is left. Nothing comes after. */
  close(): void
}

/** Takes secrets out of a text by value. */
export type Redact = (text: string) => string

/** Milliseconds since 1970. */
export type Clock = () => number

/** One observer for many readers. A reader that fails loses this event; the run and the others go on. */
export function fanOut(readers: readonly Reader[]): Reader {
  const each = (call: (reader: Reader) => void): void => {
    for (const reader of readers) {
      try {
        call(reader)
      } catch {
        // An observer must not end a run: a full disk or a closed terminal is no reason to lose rows.
      }
    }
  }
  return {
    observe: (event: Event) => each((reader) => reader.observe(event)),
    tick: () => each((reader) => reader.tick()),
    close: () => each((reader) => reader.close()),
  }
}
