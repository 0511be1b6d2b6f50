import type { RescueCode } from './rescue_code.ts'
import type { RescueLog } from './rescue_log.ts'

/** Which list, and which item of it, a position in the items of all lists is. */
export type ListOf = (index: number) => [list: number, item: number]

/**
 * Where a column buffer stands in its table. Positions become rows and paths only when a batch is
 * finished, so that values that fit cost nothing.
 */
export class Place {
  /** Under a list: there is no bound to its values in one row. */
  readonly repeated: boolean
  readonly #log: RescueLog
  readonly #parent: Place | null
  /** A field's name, or of a list's items the way back to their list. */
  readonly #step: string | ListOf

  private constructor(log: RescueLog, parent: Place | null, step: string | ListOf) {
    this.repeated = typeof step !== 'string' || (parent?.repeated ?? false)
    this.#log = log
    this.#parent = parent
    this.#step = step
  }

  static column(log: RescueLog, name: string): Place {
    return new Place(log, null, name)
  }

  field(name: string): Place {
    return new Place(this.#log, this, name)
  }

  items(listOf: ListOf): Place {
    return new Place(this.#log, this, listOf)
  }

  /** The top-level column that this place is in. */
  get column(): Place {
    return this.#parent === null ? this : this.#parent.column
  }

  /** Of a top-level column. */
  get name(): string {
    return this.#step as string
  }

  /** @param index of the value in this column's buffers */
  rescue(index: number, code: RescueCode, value: unknown): void {
    this.#log.add(this, index, code, value)
  }

  /** The row and the path, such as `mentions[3].id`, of the value at `index`. */
  locate(index: number): { row: number; path: string } {
    const parent = this.#parent
    if (typeof this.#step === 'string') {
      const step = pathStep(this.#step)
      if (parent === null) return { row: index, path: step }
      const above = parent.locate(index)
      return { row: above.row, path: step.startsWith('[') ? above.path + step : `${above.path}.${step}` }
    }
    const [list, item] = this.#step(index)
    const above = parent!.locate(list)
    return { row: above.row, path: `${above.path}[${item}]` }
  }
}

/** A name in a path; one that holds `.`, `[`, `]` or `"` is written `["a.b"]`. */
function pathStep(name: string): string {
  return /[.[\]"]/.test(name) ? `[${JSON.stringify(name)}]` : name
}
