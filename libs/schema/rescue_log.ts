import { jsonText } from './json_text.ts'
import type { Place } from './place.ts'
import type { RescueCode } from './rescue_code.ts'

/** Misfits inside lists of one row that get an entry of their own; beyond it the whole column is kept once. */
export const MAX_REPEATED_ENTRIES = 100

interface Misfit {
  place: Place
  /** In the buffers of the place's column. */
  index: number
  code: RescueCode
  value: unknown
}

/** Collects what did not fit in the rows of one batch. */
export class RescueLog {
  /** Values rescued in this batch. */
  total = 0
  #misfits: Misfit[] = []
  #repeated = 0
  readonly #overflowing = new Set<Place>()

  add(place: Place, index: number, code: RescueCode, value: unknown): void {
    this.total++
    // Replaced characters are found later than their row ends, and are no less than an eighth of their entry.
    const counts = place.repeated && code !== 'replaced_characters'
    if (counts && ++this.#repeated > MAX_REPEATED_ENTRIES) this.#overflowing.add(place.column)
    else this.#misfits.push({ place, index, code, value })
  }

  /** Closes a row. `original` answers a whole column as it was sent. */
  endRow(row: number, original: (column: string) => unknown): void {
    this.#repeated = 0
    if (this.#overflowing.size === 0) return
    for (const place of this.#overflowing) {
      this.#misfits.push({ place, index: row, code: 'more_misfits', value: original(place.name) })
    }
    this.#overflowing.clear()
  }

  /**
   * One object text for each row that has misfits, `{"<path>":{"code":…,"value":…}}`, in the order of the rows;
   * the log is empty afterwards. To be called while the columns still hold the batch.
   */
  take(): [row: number, text: string][] {
    const rows = new Map<number, string[]>()
    for (const { place, index, code, value } of this.#misfits) {
      const { row, path } = place.locate(index)
      const entry = `${JSON.stringify(path)}:{"code":"${code}","value":${jsonText(value)}}`
      const entries = rows.get(row)
      if (entries === undefined) rows.set(row, [entry])
      else entries.push(entry)
    }
    this.#misfits = []
    this.total = 0
    return [...rows].sort(([a], [b]) => a - b).map(([row, entries]) => [row, `{${entries.join(',')}}`])
  }
}
