import type { CommitUnit, Coverage, CursorChange } from '../destinations/destination.ts'
import { emptyUnit, type UnitPart } from './unit.ts'

interface OfPartition {
  job: string
  partition: string
}

/** Names can have spaces. */
const keyOf = ({ job, partition }: OfPartition) => JSON.stringify([job, partition])

/** What is gathered for one transaction. A unit can hold a line of each of many thousand partitions: they are found by name. */
export class GrowingUnit {
  readonly #lists: Omit<CommitUnit, 'cursors' | 'coverage' | 'superseded'>
  readonly #cursors = new Map<string, CursorChange>()
  readonly #coverage = new Map<string, Coverage>()
  readonly #superseded = new Map<string, OfPartition>()

  constructor() {
    const { cursors: _, coverage: __, superseded: ___, ...lists } = emptyUnit()
    this.#lists = lists
  }

  /** A later cursor or line of coverage of the same partition takes the place of the earlier one. */
  add({ cursors = [], coverage = [], superseded = [], ...part }: UnitPart): void {
    this.#lists.batches.push(...(part.batches ?? []))
    this.#lists.listed.push(...(part.listed ?? []))
    this.#lists.scanned.push(...(part.scanned ?? []))
    this.#lists.gone.push(...(part.gone ?? []))
    this.#lists.quarantined.push(...(part.quarantined ?? []))
    for (const cursor of cursors) this.#cursors.set(keyOf(cursor), cursor)
    for (const old of superseded) {
      this.#superseded.set(keyOf(old), old)
      this.#coverage.delete(keyOf(old))
    }
    for (const line of coverage) this.#coverage.set(keyOf(line), line)
  }

  get isEmpty(): boolean {
    const lists: readonly unknown[][] = Object.values(this.#lists)
    const maps = [this.#cursors, this.#coverage, this.#superseded]
    return maps.every(({ size }) => size === 0) && lists.every(({ length }) => length === 0)
  }

  toUnit(): CommitUnit {
    return {
      ...this.#lists,
      cursors: [...this.#cursors.values()],
      coverage: [...this.#coverage.values()],
      superseded: [...this.#superseded.values()],
    }
  }
}
