import type { ScdType } from '../spec/types.ts'
import { decideAppend, decideScd1 } from './decide_current.ts'
import { decideScd2 } from './decide_history.ts'

/** What orders the versions of a row: the value of its sequence column, or a snapshot's generation. Null sorts first. */
export type Sequence = bigint | number | string | null

/**
 * One version of a key as a destination holds it. SCD2 keeps a list of them, SCD1 one, append one for each content.
 * The versions of a key never overlap, no two of them have the same start, and at most one, the last, is open.
 */
export interface Version {
  /** SCD2: `__START_AT`. SCD1: what the row's sequence column says; null in snapshots, whose rows do not hold it. */
  start: Sequence
  /** SCD2: `__END_AT`. Null: it is open. */
  end: Sequence
  /** `_content_hash` of the row. */
  content: string
}

/** A row that has been read. */
export interface Row {
  /** Of a snapshot: the time of its generation. */
  sequence: Sequence
  content: string
}

/** What to do with a row. `of` is one of the versions that were given. */
export type Decision =
  /** The key is new, or has no open version: it gets one. */
  | { kind: 'insert'; start: Sequence }
  /** A new version, at the end or between two others. It takes the rest of the time of `of`, where there was one at all. */
  | { kind: 'update'; start: Sequence; end: Sequence; of: Version | null }
  /** Other content for the same time: takes the place of `of`. */
  | { kind: 'replace'; of: Version }
  /** The versions say so already: nothing to write. */
  | { kind: 'same' }
  /** An older state than the one held, where only the latest one is kept. */
  | { kind: 'late' }

/**
 * What a row does to the versions of its key: the one specification of how rows are applied. The SQL of every
 * destination is written from it and tested against it.
 *
 * @param versions of the row's key, in order of their start
 */
export function decide(versions: readonly Version[], row: Row, scdType: ScdType): Decision {
  switch (scdType) {
    case 'SCD_TYPE_1':
      return decideScd1(versions, row)
    case 'SCD_TYPE_2':
      return decideScd2(versions, row)
    case 'APPEND_ONLY':
      return decideAppend(versions, row)
  }
}
