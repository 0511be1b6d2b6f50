import type { CommitUnit, Coverage, CursorChange } from '../destinations/destination.ts'
import { emptyUnit, type UnitPart } from './unit.ts'

interface OfPartition {
  job: string
  partition: string
}

const keyOf = ({ job, partition }: OfPartition) => `${job} ${partition}`

/** What is gathered for one transaction. A unit can hold a line of each of many thousand partitions: they are found by name. */
export class GrowingUnit {
  readonly #lists: Omit<CommitUnit, 'cursors' | 'coverage'>
  readonly #cursors = new Map<string, CursorChange>()
  readonly #coverage = new Map<string, Coverage>()

  constructor() {
    const { cursors: _, coverage: __, ...lists } = emptyUnit()
    this.#lists = lists
  }

  /** A later cursor or line of coverage of the same partition takes the place of the earlier one. */
  add({ cursors = [], coverage = [], ...part }: UnitPart): void {
    this.#lists.batches.push(...(part.batches ?? []))
    this.#lists.listed.push(...(part.listed ?? []))
    this.#lists.scanned.push(...(part.scanned ?? []))
    this.#lists.superseded.push(...(part.superseded ?? []))
    this.#lists.gone.push(...(part.gone ?? []))
    this.#lists.quarantined.push(...(part.quarantined ?? []))
    for (const cursor of cursors) this.#cursors.set(keyOf(cursor), cursor)
    for (const old of part.superseded ?? []) this.#coverage.delete(keyOf(old))
    for (const line of coverage) this.#coverage.set(keyOf(line), line)
  }

  get isEmpty(): boolean {
    const lists: readonly unknown[][] = Object.values(this.#lists)
    return this.#cursors.size === 0 && this.#coverage.size === 0 && lists.every(({ length }) => length === 0)
  }

  toUnit(): CommitUnit {
    return { ...this.#lists, cursors: [...this.#cursors.values()], coverage: [...this.#coverage.values()] }
  }
}
