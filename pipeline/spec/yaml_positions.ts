import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'

/** Where something stands in a text, both from 1. */
export interface Position {
  line: number
  column: number
}

/** Offsets of one node: of its value and, inside a mapping, of its key. */
interface Span {
  key?: number
  value: number
}

/**
 * Where every node of a YAML document stands, by JSON Pointer (RFC 6901). js-yaml's values carry no
 * positions, its events do, so the events are walked once more beside the construction.
 */
export class YamlPositions {
  readonly #text: string
  readonly #spans = new Map<string, Span>()

  constructor(text: string, events: readonly Event[]) {
    this.#text = text
    this.#walk(events)
  }

  /** Position of a node, or of its nearest ancestor that the text shows (a merged or aliased part has none of its own). */
  locate(pointer: string, part: 'key' | 'value' = 'value'): Position {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const span = this.#spans.get(at)
      if (span !== undefined) return this.#position(part === 'key' && at !== '' ? (span.key ?? span.value) : span.value)
      if (at === '') return { line: 1, column: 1 }
    }
  }

  #position(offset: number): Position {
    const before = this.#text.slice(0, offset)
    return {
      line: before.split(/\r\n|\r|\n/).length,
      column: offset - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')),
    }
  }

  #walk(events: readonly Event[]): void {
    let next = 0
    const visit = (pointer: string, key: number | undefined): void => {
      const event = events[next++]
      if (event === undefined) return
      const value = offsetOf(event)
      if (value >= 0 || key !== undefined) {
        this.#spans.set(pointer, { ...(key === undefined ? {} : { key }), value: value >= 0 ? value : (key ?? 0) })
      }
      if (event.type === EVENT_ID.SEQUENCE) {
        for (let index = 0; next < events.length && events[next]?.type !== EVENT_ID.POP; index++)
          visit(`${pointer}/${index}`, undefined)
        next++
      } else if (event.type === EVENT_ID.MAPPING) {
        while (next < events.length && events[next]?.type !== EVENT_ID.POP) {
          const name = events[next]
          if (name?.type !== EVENT_ID.SCALAR) return
          next++
          visit(`${pointer}/${escapePointer(getScalarValue(this.#text, name))}`, offsetOf(name))
        }
        next++
      }
    }
    if (events[next]?.type === EVENT_ID.DOCUMENT) next++
    visit('', undefined)
  }
}

/** One segment of a JSON Pointer. */
export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** -1 for a value that has no text of its own (`key:` with nothing behind it). */
function offsetOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR: {
      const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
      return event.valueStart < 0 ? -1 : event.valueStart - (quoted ? 1 : 0)
    }
    case EVENT_ID.ALIAS:
      return event.anchorStart
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start
    default:
      return -1
  }
}
