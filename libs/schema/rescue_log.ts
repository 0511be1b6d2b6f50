import { jsonText } from './json_text.ts'
import { pathOf } from './place.ts'
import type { RescueCode } from './rescue_code.ts'

/** Nested misfits of one row that get an entry of their own; beyond it the whole column is kept once. */
export const MAX_NESTED_ENTRIES = 100

/** Where a value did not fit. */
export interface Spot {
  /** The top-level column. */
  column: string
  path: string
  /** Below the top level. */
  nested: boolean
}

/** Collects what did not fit in one row. One object text per row: `{"<path>":{"code":…,"value":…}}`. */
export class RescueLog {
  /** Values rescued; the encoder sets it back with each batch. */
  total = 0
  #entries: string[] = []
  #nested = 0
  readonly #overflowing = new Set<string>()

  /** Nothing has been rescued in this row. */
  get empty(): boolean {
    return this.#entries.length === 0
  }

  add(spot: Spot, code: RescueCode, value: unknown): void {
    this.total++
    // Top-level entries are bounded by the number of columns.
    if (spot.nested && ++this.#nested > MAX_NESTED_ENTRIES) this.#overflowing.add(spot.column)
    else this.#entries.push(entry(spot.path, code, value))
  }

  /** The row's text, and ready for the next row. `original` answers a whole column as it was sent. */
  take(original: (column: string) => unknown): string {
    for (const column of this.#overflowing) this.#entries.push(entry(pathOf(column), 'more_misfits', original(column)))
    const text = `{${this.#entries.join(',')}}`
    this.#entries = []
    this.#overflowing.clear()
    this.#nested = 0
    return text
  }
}

function entry(path: string, code: RescueCode, value: unknown): string {
  return `${JSON.stringify(path)}:{"code":"${code}","value":${jsonText(value)}}`
}
