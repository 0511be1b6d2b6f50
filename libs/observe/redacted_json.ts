import type { Redact } from './reader.ts'

/** JSON text without secrets. Texts are redacted before they are encoded: an escaped quote would hide a secret from the search. */
export function redactedJson(value: unknown, redact: Redact, indent?: number): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'string' ? redact(member) : member), indent)
}
