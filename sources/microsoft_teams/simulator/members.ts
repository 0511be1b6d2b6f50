import type { User } from './model.ts'

export type MemberRole = 'owner' | 'guest' | 'member'

/** Who belongs to a team or a channel, in the order of joining. */
export class Members {
  #roles = new Map<User, MemberRole>()
  #left = new Set<User>()

  /** Whoever writes belongs to the place, the first of them owns it; who was removed stays out. */
  wrote(user: User): void {
    if (this.#roles.has(user) || this.#left.has(user)) return
    this.#roles.set(user, this.#roles.size === 0 ? 'owner' : 'member')
  }

  /** Adds somebody, or gives a member another role. */
  add(user: User, role: MemberRole): void {
    this.#left.delete(user)
    this.#roles.set(user, role)
  }

  remove(user: User): void {
    this.#roles.delete(user)
    this.#left.add(user)
  }

  has(user: User): boolean {
    return this.#roles.has(user)
  }

  list(): (readonly [user: User, role: MemberRole])[] {
    return [...this.#roles]
  }
}
