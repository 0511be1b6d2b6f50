import type { ScdType } from '../spec/types.ts'
import { type Decision, decide, type Row, type Version } from './decide.ts'
import { compareSequences } from './decide_order.ts'

/**
 * Folds the rows of one key that arrived together, before any of them is applied: the order is (sequence, read order),
 * rows without a sequence first; of equal sequences the last one read counts. So no statement of a destination ever
 * sees two rows with the same key and sequence.
 *
 * SCD1 needs the last one only, SCD2 all. Append keeps each content once, so every row counts.
 * @param rows in the order they were read
 */
export function foldRows<R extends Row>(rows: readonly R[], scdType: ScdType): R[] {
  // Sorting is stable: equal sequences keep the order they were read in.
  const ordered = rows.toSorted((a, b) => compareSequences(a.sequence, b.sequence))
  if (scdType === 'APPEND_ONLY') return ordered
  const counting = ordered.filter(
    ({ sequence }, index) =>
      index + 1 === ordered.length || compareSequences(ordered[index + 1]!.sequence, sequence) > 0,
  )
  return scdType === 'SCD_TYPE_1' ? counting.slice(-1) : counting
}

/** The versions of a key after the rows of a unit, and what was decided about each that counts. Changes nothing it is given. */
export function applyRows(
  versions: readonly Version[],
  rows: readonly Row[],
  scdType: ScdType,
): { versions: Version[]; decisions: Decision[] } {
  let held = [...versions]
  const decisions: Decision[] = []
  for (const row of foldRows(rows, scdType)) {
    const decision = decide(held, row, scdType)
    decisions.push(decision)
    held = afterDecision(held, row, decision, scdType)
  }
  return { versions: held, decisions }
}

function afterDecision(
  versions: readonly Version[],
  { sequence, content }: Row,
  decision: Decision,
  scdType: ScdType,
): Version[] {
  switch (decision.kind) {
    case 'insert':
      return inOrder([...versions, { start: decision.start, end: null, content }])
    case 'update': {
      const { start, end, of } = decision
      const ended = of === null || scdType === 'SCD_TYPE_1' ? [] : [{ ...of, end: start }]
      return inOrder([...versions.filter((version) => version !== of), ...ended, { start, end, content }])
    }
    case 'replace':
      // SCD2: the version keeps its time. SCD1: the row's own sequence is all that is known.
      return versions.map((version) =>
        version !== decision.of
          ? version
          : { ...version, content, start: scdType === 'SCD_TYPE_1' ? sequence : version.start },
      )
    case 'same':
    case 'late':
      return [...versions]
  }
}

const inOrder = (versions: readonly Version[]): Version[] =>
  versions.toSorted((a, b) => compareSequences(a.start, b.start))
