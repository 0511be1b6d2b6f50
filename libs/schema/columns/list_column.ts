import { Data, type List } from 'apache-arrow'
import { BatchTooLargeError } from '../batch_too_large_error.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { appendTo } from './append_to.ts'
import { type Column, grown, INITIAL_ROWS, MAX_OFFSET } from './column.ts'
import { Nulls } from './nulls.ts'
import { aligned, type Slab } from './slab.ts'

/** Items of all rows in one child, with 32-bit offsets. */
export class ListColumn implements Column {
  readonly kind = 'list'
  length = 0
  #offsets = new Int32Array(INITIAL_ROWS)
  readonly #type: List
  readonly #item: Column
  readonly #nulls = new Nulls()
  readonly #place: Place

  /** @param itemAt makes the item's column for the place of the items */
  constructor(type: List, place: Place, itemAt: (items: Place) => Column) {
    this.#type = type
    this.#place = place
    this.#item = itemAt(place.items((index) => this.#listOf(index)))
  }

  get bytes(): number {
    return 4 * this.length + (this.#item.length === 0 ? 0 : this.#item.bytes)
  }

  append(value: unknown): void {
    if (!Array.isArray(value)) {
      if (value !== null && value !== undefined) this.#place.rescue(this.length, 'not_a_list', value)
      this.appendNulls(1)
      return
    }
    for (let i = 0; i < value.length; i++) appendTo(this.#item.kind, this.#item, value[i])
    this.#close()
  }

  appendNulls(count: number): void {
    this.#nulls.markRange(this.length, count)
    for (let i = 0; i < count; i++) this.#close()
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return Array.isArray(value) ? null : 'not_a_list'
  }

  settle(): void {
    this.#item.settle()
  }

  slabBytes(): number {
    return aligned(4 * (this.length + 1)) + this.#nulls.slabBytes(this.length) + this.#item.slabBytes()
  }

  finish(slab: Slab): Data {
    const { length } = this
    const nullCount = this.#nulls.count
    const empty = this.#item.length === 0
    const offsets = empty ? slab.zeroOffsets(length + 1) : slab.copy(Int32Array<ArrayBuffer>, this.#offsets, length + 1)
    const bitmap = this.#nulls.finish(slab, length)
    this.length = 0
    return new Data(this.#type, 0, length, nullCount, [offsets, undefined, bitmap] as never, [this.#item.finish(slab)])
  }

  #close(): void {
    if (this.#item.length > MAX_OFFSET) throw new BatchTooLargeError()
    const next = ++this.length
    if (next === this.#offsets.length) this.#offsets = grown(this.#offsets, next + 1)
    this.#offsets[next] = this.#item.length
  }

  /** Which list, and which of its items, the item at `index` of the child is. */
  #listOf(index: number): [list: number, item: number] {
    let low = 0
    let high = this.length
    // The last list that begins at or before the index; empty ones before it begin there too.
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#offsets[middle]! <= index) low = middle
      else high = middle - 1
    }
    return [low, index - this.#offsets[low]!]
  }
}
