import { Data, type Struct } from 'apache-arrow'
import { isObject, type Member, member, readMember } from '../member.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { appendTo, type ColumnKind } from './append_to.ts'
import type { Column } from './column.ts'
import { Nulls } from './nulls.ts'
import type { Slab } from './slab.ts'

/**
 * Named children of equal length. A misfit inside costs its own leaf only. The nulls that a null struct owes
 * its children are paid in bulk: most structs of a chat message (device, application …) are never anything else.
 */
export class StructColumn implements Column {
  readonly kind = 'struct'
  length = 0
  #owed = 0
  readonly #type: Struct
  readonly #members: (Member & { kind: ColumnKind })[]
  readonly #children: Column[]
  readonly #nulls = new Nulls()
  readonly #place: Place

  /** @param children in the order of the type's fields */
  constructor(type: Struct, children: Column[], place: Place) {
    this.#type = type
    this.#members = type.children.map((field, i) => ({ ...member(field.name), kind: children[i]!.kind }))
    this.#children = children
    this.#place = place
  }

  get bytes(): number {
    let bytes = this.length / 8
    if (this.#owed === this.length) return bytes
    for (const child of this.#children) bytes += child.bytes
    return bytes
  }

  append(value: unknown): void {
    if (!isObject(value)) {
      if (value !== null && value !== undefined) this.#place.rescue(this.length, 'not_an_object', value)
      this.appendNulls(1)
      return
    }
    if (this.#owed > 0) this.#pay()
    this.length++
    const children = this.#children
    const members = this.#members
    for (let i = 0; i < children.length; i++) {
      const member = members[i]!
      appendTo(member.kind, children[i]!, readMember(value, member))
    }
  }

  appendNulls(count: number): void {
    this.#nulls.markRange(this.length, count)
    this.length += count
    this.#owed += count
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return isObject(value) ? null : 'not_an_object'
  }

  settle(): void {
    if (this.#owed > 0) this.#pay()
    for (const child of this.#children) child.settle()
  }

  slabBytes(): number {
    let bytes = this.#nulls.slabBytes(this.length)
    for (const child of this.#children) bytes += child.slabBytes()
    return bytes
  }

  finish(slab: Slab): Data {
    const { length } = this
    const nullCount = this.#nulls.count
    const bitmap = this.#nulls.finish(slab, length)
    const children = this.#children.map((child) => child.finish(slab))
    this.length = 0
    return new Data(this.#type, 0, length, nullCount, [undefined, undefined, bitmap] as never, children)
  }

  #pay(): void {
    for (const child of this.#children) child.appendNulls(this.#owed)
    this.#owed = 0
  }
}
