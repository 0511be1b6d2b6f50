import { Data, RecordBatch, type Schema, Struct } from 'apache-arrow'
import { AnonymizeRawError } from '../anonymize/anonymize_raw_error.ts'
import type { Anonymizer } from '../anonymize/anonymizer.ts'
import { type CleanRow, rowCleaner } from '../anonymize/row_cleaner.ts'
import { toArrowSchema } from './arrow_schema.ts'
import { appendTo, type ColumnKind } from './columns/append_to.ts'
import type { Column } from './columns/column.ts'
import { columnOf } from './columns/column_of.ts'
import { Slab } from './columns/slab.ts'
import { TextColumn } from './columns/text_column.ts'
import { jsonText } from './json_text.ts'
import { isObject, type Member, member, readMember } from './member.ts'
import { Place } from './place.ts'
import type { Rejection, RejectionCode } from './rejection.ts'
import type { RescueCode } from './rescue_code.ts'
import { RescueLog } from './rescue_log.ts'
import { RAW_COLUMN, RESCUED_COLUMN, type StructType } from './types.ts'

/** A batch is full at this many rows … */
export const MAX_ROWS = 5000
/** … or at this many buffered bytes. */
export const MAX_BYTES = 32 * 1024 * 1024

export interface RowEncoderOptions {
  /** For rejections. */
  table: string
  primaryKeys: readonly string[]
  /** Adds the column `_raw`. */
  includeRaw?: boolean
  /** Hashes what is declared personal before anything else sees it. */
  anonymizer?: Anonymizer | null
}

export type AddedValues = Readonly<Record<string, string | number | boolean | null>>

interface Slot extends Member {
  kind: ColumnKind
  isAdded: boolean
  column: Column
}

interface Demand {
  slot: Slot
  isKey: boolean
}

const NOTHING: AddedValues = Object.freeze({})

/**
 * Turns JSON objects into record batches of one table. Pure: no I/O, no clock, so it may live in a worker.
 * Unknown fields are passed over; a value that does not fit becomes null and goes into `_rescued_data`.
 */
export class RowEncoder {
  readonly schema: Schema
  readonly #table: string
  readonly #slots: Slot[]
  readonly #demands: Demand[]
  readonly #log = new RescueLog()
  readonly #rescued = new TextColumn(Place.column(this.#log, RESCUED_COLUMN))
  readonly #raw: TextColumn | null
  readonly #anonymizer: Anonymizer | null
  readonly #clean: ReturnType<typeof rowCleaner> | null
  #rows = 0
  #broken: Error | null = null

  /** @throws TypeError if a primary key is not a column, AnonymizeRawError for `_raw` with an anonymizer */
  constructor(struct: StructType, options: RowEncoderOptions) {
    const { anonymizer = null } = options
    if (options.includeRaw && anonymizer !== null) throw new AnonymizeRawError(options.table)
    this.schema = toArrowSchema(struct, options.includeRaw ? { includeRaw: true } : {})
    this.#table = options.table
    this.#raw = options.includeRaw ? new TextColumn(Place.column(this.#log, RAW_COLUMN)) : null
    this.#slots = Object.entries(struct.fields).map(([name, type]) => ({
      ...member(name),
      kind: type.kind,
      isAdded: type.isAdded,
      column: columnOf(type, Place.column(this.#log, name), {
        takesIntegers: type.isRequired || options.primaryKeys.includes(name),
      }),
    }))
    const required = Object.keys(struct.fields).filter((name) => struct.fields[name]!.isRequired)
    const demanded = new Set([...options.primaryKeys, ...required])
    this.#anonymizer = anonymizer
    this.#clean = anonymizer === null ? null : rowCleaner(struct, demanded, anonymizer)
    this.#demands = [...demanded].map((name) => {
      const slot = this.#slots.find((candidate) => candidate.name === name)
      if (slot === undefined) throw new TypeError(`Table ${options.table}: ${name} is not a column.`)
      return { slot, isKey: options.primaryKeys.includes(name) }
    })
  }

  /** Rows since the last `finish`. */
  get rows(): number {
    return this.#rows
  }

  /** Approximate bytes buffered since the last `finish`. */
  get bytes(): number {
    let bytes = this.#rescued.bytes + (this.#raw?.bytes ?? 0)
    for (const slot of this.#slots) bytes += slot.column.bytes
    return Math.ceil(bytes)
  }

  /** Values that went to `_rescued_data` since the last `finish`: read it before, like `rows`. */
  get rescued(): number {
    this.#settle()
    return this.#log.total
  }

  /** Time to call `finish`. A page may be appended to its end first: a page is never split by need. */
  get full(): boolean {
    return this.#rows >= MAX_ROWS || this.bytes >= MAX_BYTES
  }

  /**
   * Appends one row, or answers why it has no usable key; then nothing of it stays in the buffers.
   * @param source the API's object; @param added values of the columns declared `added()`
   * @param raw the source's JSON text as it was received, for `_raw`; without it the source is written anew
   * @throws BatchTooLargeError (a bug of the caller) where offsets would overflow, far beyond `full`; the encoder is of no use then
   */
  append(source: unknown, added: AddedValues = NOTHING, raw?: string): Rejection | null {
    if (this.#broken !== null) throw this.#broken
    if (!isObject(source)) return this.#reject('not_an_object', 'The row is not a JSON object.', this.rowText(source))
    if (this.#clean !== null) ({ source, added } = this.#clean(source, added))
    const rejection = this.#check(source as object, added)
    if (rejection !== null) return rejection
    try {
      this.#encode(source as object, added, raw)
    } catch (error) {
      // Columns of unequal length would be padded by Arrow without a word.
      this.#broken = error as Error
      throw error
    }
    this.#rows++
    return null
  }

  /** A row as JSON text, for keeping it aside: source fields and added ones together. */
  rowText(source: unknown, added: AddedValues = NOTHING): string {
    if (!isObject(source)) return jsonText(this.#anonymizer === null ? source : this.#anonymizer.hashJson(source))
    return textOf(this.#clean === null ? { source, added } : this.#clean(source, added))
  }

  /** The rows so far as one batch (of 0 rows, if there are none). The encoder can go on at once. */
  finish(): RecordBatch {
    if (this.#broken !== null) throw this.#broken
    this.#settle()
    this.#fillRescued()
    const columns: Column[] = [...this.#slots.map((slot) => slot.column), this.#rescued]
    if (this.#raw !== null) columns.push(this.#raw)
    let bytes = 0
    for (const column of columns) bytes += column.slabBytes()
    const slab = new Slab(bytes)
    const children = columns.map((column) => column.finish(slab))
    const data = new Data(new Struct(this.schema.fields), 0, this.#rows, 0, undefined, children)
    this.#rows = 0
    return new RecordBatch(this.schema, data)
  }

  #encode(source: object, added: AddedValues, raw: string | undefined): void {
    const slots = this.#slots
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!
      appendTo(slot.kind, slot.column, readMember(slot.isAdded ? added : source, slot))
    }
    this.#raw?.append(raw ?? jsonText(source))
    this.#log.endRow(this.#rows, (name) => this.#original(name, source, added))
  }

  #settle(): void {
    for (const slot of this.#slots) slot.column.settle()
    this.#raw?.settle()
  }

  /** `_rescued_data`: null but for the rows that have misfits. */
  #fillRescued(): void {
    for (const [row, text] of this.#log.take()) {
      this.#rescued.appendNulls(row - this.#rescued.length)
      this.#rescued.appendClean(text)
    }
    this.#rescued.appendNulls(this.#rows - this.#rescued.length)
    this.#rescued.settle()
  }

  #check(source: object, added: AddedValues): Rejection | null {
    for (const { slot, isKey } of this.#demands) {
      const value = readMember(slot.isAdded ? added : source, slot)
      const misfit = slot.column.misfit(value) ?? (isKey ? keyMisfit(value) : null)
      if (misfit === null) continue
      const what = `${isKey ? 'Primary key' : 'Required column'} ${slot.name}`
      if (misfit === 'missing') {
        return this.#reject(
          isKey ? 'key_missing' : 'required_missing',
          `${what} has no value.`,
          textOf({ source, added }),
        )
      }
      return this.#reject(isKey ? 'key_misfit' : 'required_misfit', `${what}: ${misfit}.`, textOf({ source, added }))
    }
    return null
  }

  #reject(code: RejectionCode, message: string, row: string): Rejection {
    return { table: this.#table, code, message, row }
  }

  #original(name: string, source: object, added: AddedValues): unknown {
    const slot = this.#slots.find((candidate) => candidate.name === name)!
    return readMember(slot.isAdded ? added : source, slot)
  }
}

function textOf({ source, added }: CleanRow): string {
  return jsonText({ ...source, ...added })
}

/** Two keys that differ only in characters that are replaced would become one. */
function keyMisfit(value: unknown): RescueCode | null {
  if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) return null
  return 'replaced_characters'
}
