import type { RescueCode } from './rescue_code.ts'
import type { RescueLog } from './rescue_log.ts'

/**
 * Where a column buffer stands in the row. It knows its path only when asked, so that a value that
 * fits costs nothing: lists keep their current index here, and the path is put together on a misfit.
 */
export class Place {
  /** Of the item being encoded, when this is the place of a list's items. */
  index = 0
  readonly #log: RescueLog
  readonly #parent: Place | null
  readonly #name: string | null

  private constructor(log: RescueLog, parent: Place | null, name: string | null) {
    this.#log = log
    this.#parent = parent
    this.#name = name
  }

  static column(log: RescueLog, name: string): Place {
    return new Place(log, null, name)
  }

  field(name: string): Place {
    return new Place(this.#log, this, name)
  }

  items(): Place {
    return new Place(this.#log, this, null)
  }

  rescue(code: RescueCode, value: unknown): void {
    this.#log.add({ column: this.#column(), path: this.#path(), nested: this.#parent !== null }, code, value)
  }

  #column(): string {
    let place: Place = this
    while (place.#parent !== null) place = place.#parent
    return place.#name!
  }

  #path(): string {
    if (this.#parent === null) return pathOf(this.#name!)
    const above = this.#parent.#path()
    if (this.#name === null) return `${above}[${this.index}]`
    const own = pathOf(this.#name)
    return own.startsWith('[') ? above + own : `${above}.${own}`
  }
}

/** A name as it stands in a path such as `mentions[3].id`; one that holds `.`, `[`, `]` or `"` is written `["a.b"]`. */
export function pathOf(name: string): string {
  return /[.[\]"]/.test(name) ? `[${JSON.stringify(name)}]` : name
}
