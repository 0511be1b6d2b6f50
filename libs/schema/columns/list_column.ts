import { type Data, type List, makeData } from 'apache-arrow'
import { BatchTooLargeError } from '../batch_too_large_error.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, doubled, INITIAL_ROWS, MAX_OFFSET } from './column.ts'
import { Nulls } from './nulls.ts'

/** Items of all rows in one child, with 32-bit offsets. */
export class ListColumn implements Column {
  length = 0
  #offsets = new Int32Array(INITIAL_ROWS)
  readonly #type: List
  readonly #item: Column
  readonly #items: Place
  readonly #nulls = new Nulls()
  readonly #place: Place

  /** @param items the place of the items, whose index is kept here */
  constructor(type: List, item: Column, items: Place, place: Place) {
    this.#type = type
    this.#item = item
    this.#items = items
    this.#place = place
  }

  get bytes(): number {
    return 4 * this.length + this.#item.bytes
  }

  append(value: unknown): void {
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        this.#items.index = i
        this.#item.append(value[i])
      }
    } else {
      if (value !== null && value !== undefined) this.#place.rescue('not_a_list', value)
      this.#nulls.mark(this.length)
    }
    if (this.#item.length > MAX_OFFSET) throw new BatchTooLargeError()
    const next = ++this.length
    if (next === this.#offsets.length) this.#offsets = doubled(this.#offsets)
    this.#offsets[next] = this.#item.length
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return Array.isArray(value) ? null : 'not_a_list'
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const data = makeData({
      type: this.#type,
      length,
      ...this.#nulls.finish(),
      valueOffsets: this.#offsets.subarray(0, length + 1),
      child: this.#item.finish(),
    })
    this.#offsets = new Int32Array(INITIAL_ROWS)
    this.length = 0
    return data
  }
}
