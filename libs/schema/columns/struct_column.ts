import { type Data, makeData, type Struct } from 'apache-arrow'
import { isObject, type Member, member, readMember } from '../member.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import type { Column } from './column.ts'
import { Nulls } from './nulls.ts'

/** Named children of equal length. A misfit inside costs its own leaf only. */
export class StructColumn implements Column {
  length = 0
  readonly #type: Struct
  readonly #members: Member[]
  readonly #children: Column[]
  readonly #nulls = new Nulls()
  readonly #place: Place

  /** @param children in the order of the type's fields */
  constructor(type: Struct, children: Column[], place: Place) {
    this.#type = type
    this.#members = type.children.map((field) => member(field.name))
    this.#children = children
    this.#place = place
  }

  get bytes(): number {
    let bytes = this.length / 8
    for (const child of this.#children) bytes += child.bytes
    return bytes
  }

  append(value: unknown): void {
    const index = this.length++
    const children = this.#children
    if (isObject(value)) {
      for (let i = 0; i < children.length; i++) children[i]!.append(readMember(value, this.#members[i]!))
      return
    }
    if (value !== null && value !== undefined) this.#place.rescue('not_an_object', value)
    this.#nulls.mark(index)
    for (let i = 0; i < children.length; i++) children[i]!.append(null)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return isObject(value) ? null : 'not_an_object'
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const children = this.#children.map((child) => child.finish())
    const data = makeData({ type: this.#type, length, ...this.#nulls.finish(), children })
    this.length = 0
    return data
  }
}
