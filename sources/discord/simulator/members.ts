import type { Member } from './model.ts'
import { compareIds } from './snowflake.ts'

/** Members of a guild by user id, with the order of the list kept until somebody comes or goes. */
export class Members extends Map<string, Member> {
  #sorted: Member[] | null = null

  override set(id: string, member: Member): this {
    this.#sorted = null
    return super.set(id, member)
  }

  override delete(id: string): boolean {
    this.#sorted = null
    return super.delete(id)
  }

  byId(): readonly Member[] {
    this.#sorted ??= [...this.values()].sort((a, b) => compareIds(a.user.id, b.user.id))
    return this.#sorted
  }
}
