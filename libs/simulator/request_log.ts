import type { Instant } from '../connect/instant.ts'

/** One request as the simulator saw it. Headers stay out: they carry the token. */
export interface RequestLogEntry {
  at: Instant
  method: string
  /** Decoded path. */
  path: string
  /** Decoded query text, with `+` as it came. */
  query: string
  /** The simulator's name of the call. */
  route: string
  status: number
  /** Bytes of the body that were meant to be sent. */
  bytes: number
  /** Which kind of bucket refused it. */
  refused_by?: string
  fault?: string
  early?: boolean
}

/** The last requests, oldest first; older ones fall out. */
export class RequestLog implements Iterable<RequestLogEntry> {
  #entries: RequestLogEntry[] = []
  #limit: number

  constructor(limit = 20_000) {
    this.#limit = limit
  }

  get length(): number {
    return this.#entries.length
  }

  add(entry: RequestLogEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length >= this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
  }

  filter(keep: (entry: RequestLogEntry) => boolean): RequestLogEntry[] {
    return this.#entries.filter(keep)
  }

  clear(): void {
    this.#entries = []
  }

  [Symbol.iterator](): Iterator<RequestLogEntry> {
    return this.#entries[Symbol.iterator]()
  }
}
