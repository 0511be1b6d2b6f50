import type { Instant } from '../../../libs/connect/instant.ts'
import type { Channel, Message } from './model.ts'

/** A range of lastModifiedDateTime, both ends exclusive, as the export's `$filter` has it. */
export interface ModifiedRange {
  after: Instant
  before: Instant
}

const CACHED_RANGES = 64

/**
 * The messages of one team in the order in which the export shows them: stable, seeded and without any meaning,
 * because the real order is not documented. Pages are positions in this live list, filtered.
 */
export class ExportList {
  #rows: Message[] = []
  #sorted = true
  #version = 0
  #cache = new Map<string, { version: number; rows: Message[] }>()

  add(message: Message): void {
    this.#version++
    if (this.#cache.size > 0) {
      this.#rows.splice(this.#find(message), 0, message)
    } else {
      // Nobody has asked yet: the data set is being loaded, and is sorted once.
      this.#sorted = false
      this.#rows.push(message)
    }
  }

  /** Call before the message changes: its order finds it. */
  remove(message: Message): void {
    this.#version++
    const rows = this.#ordered()
    const at = this.#find(message)
    if (rows[at] === message) rows.splice(at, 1)
  }

  removeChannel(channel: Channel): void {
    this.#version++
    this.#rows = this.#rows.filter((message) => message.channel !== channel)
  }

  /** The live list of a range; kept until the next change. */
  filtered(range: ModifiedRange): readonly Message[] {
    const key = `${range.after} ${range.before}`
    const kept = this.#cache.get(key)
    if (kept?.version === this.#version) return kept.rows
    const rows = this.#ordered().filter((message) => message.modified > range.after && message.modified < range.before)
    this.#cache.delete(key)
    this.#cache.set(key, { version: this.#version, rows })
    if (this.#cache.size > CACHED_RANGES) this.#cache.delete(this.#cache.keys().next().value!)
    return rows
  }

  #ordered(): Message[] {
    if (!this.#sorted) this.#rows.sort(compare)
    this.#sorted = true
    return this.#rows
  }

  /** Where the message is, or would be. */
  #find(message: Message): number {
    const rows = this.#ordered()
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(rows[middle]!, message) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function compare(a: Message, b: Message): number {
  return a.order - b.order || a.channel.index - b.channel.index || a.id - b.id
}
