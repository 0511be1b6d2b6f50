import type { Event } from './events.ts'
import type { Redact } from './reader.ts'
import { redactedJson } from './redacted_json.ts'

/** An event as one line of NDJSON: `at` (ISO 8601, UTC), then the event's own fields. Ends with a line feed. */
export function eventLine(event: Event, at: number, redact: Redact): string {
  return `${redactedJson({ at: new Date(at).toISOString(), ...event }, redact)}\n`
}
