import type { Decision, Row, Version } from './decide.ts'
import { compareSequences } from './decide_order.ts'

/** SCD1 holds the latest state of a key: one version or none. */
export function decideScd1(versions: readonly Version[], { sequence, content }: Row): Decision {
  const [held] = versions
  if (held === undefined) return { kind: 'insert', start: sequence }
  if (held.content === content) return { kind: 'same' }
  // Without a sequence nobody knows which is later: what was read last counts.
  const order = sequence === null ? 0 : compareSequences(sequence, held.start)
  if (order < 0) return { kind: 'late' }
  return order === 0 ? { kind: 'replace', of: held } : { kind: 'update', start: sequence, end: null, of: held }
}

/** Append holds every content of a key once, and never loses one. */
export function decideAppend(versions: readonly Version[], { sequence, content }: Row): Decision {
  if (versions.some((version) => version.content === content)) return { kind: 'same' }
  return { kind: 'insert', start: sequence }
}
