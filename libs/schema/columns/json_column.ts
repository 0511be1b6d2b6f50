import type { Data } from 'apache-arrow'
import { jsonColumnText } from '../json_text.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import type { Column } from './column.ts'
import type { Slab } from './slab.ts'
import { TextColumn } from './text_column.ts'

/** Any JSON value as its text. JSON's null is null. */
export class JsonColumn implements Column {
  readonly kind = 'json'
  readonly #place: Place
  readonly #text: TextColumn

  constructor(place: Place) {
    this.#place = place
    this.#text = new TextColumn(place)
  }

  get length(): number {
    return this.#text.length
  }

  get bytes(): number {
    return this.#text.bytes
  }

  append(value: unknown): void {
    if (value === null || value === undefined) {
      this.#text.appendNulls(1)
      return
    }
    const { text, replaced } = jsonColumnText(value)
    if (replaced) this.#place.rescue(this.length, 'replaced_characters', value)
    this.#text.appendClean(text)
  }

  appendNulls(count: number): void {
    this.#text.appendNulls(count)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    return value === null || value === undefined ? 'missing' : null
  }

  settle(): void {
    this.#text.settle()
  }

  slabBytes(): number {
    return this.#text.slabBytes()
  }

  finish(slab: Slab): Data {
    return this.#text.finish(slab)
  }
}
