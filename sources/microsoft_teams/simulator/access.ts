import type { Instant } from '../../../libs/connect/instant.ts'
import { hashText, type Random } from '../../../libs/simulator/random.ts'

export interface Token {
  roles: readonly string[]
  expiresAt: Instant
  /** How many more Graph requests it is good for. */
  requests: number
}

const MAX_TOKENS = 10_000

/** Which roles the app has now, and which tokens are out. A token is opaque text; its roles are those of its issue. */
export class Access {
  readonly clientId: string
  #clientSecret: string
  #roles: Set<string>
  #tokens = new Map<string, Token>()
  #random: Random

  constructor(clientId: string, clientSecret: string, roles: readonly string[], random: Random) {
    this.clientId = clientId
    this.#clientSecret = clientSecret
    this.#roles = new Set(roles)
    this.#random = random
  }

  get clientSecret(): string {
    return this.#clientSecret
  }

  /** The old secret is wrong from now on; tokens that were given for it stay good. */
  rotateSecret(secret: string): void {
    this.#clientSecret = secret
  }

  issue(expiresAt: Instant, requests = Number.POSITIVE_INFINITY): string {
    const parts = Array.from({ length: 12 }, () => this.#random.below(4294967296).toString(36))
    const token = `sim.${parts.join('')}.${hashText(parts.join(''), expiresAt).toString(36)}`
    this.#tokens.set(token, { roles: [...this.#roles], expiresAt, requests })
    if (this.#tokens.size > MAX_TOKENS) this.#tokens.delete(this.#tokens.keys().next().value!)
    return token
  }

  token(text: string): Token | undefined {
    return this.#tokens.get(text)
  }

  /** What a token may do now: a revoked role ends at once, a granted one needs a new token. */
  rolesOf(token: Token): string[] {
    return token.roles.filter((role) => this.#roles.has(role))
  }

  revoke(role: string): void {
    this.#roles.delete(role)
  }

  grant(role: string): void {
    this.#roles.add(role)
  }

  expireAll(): void {
    for (const token of this.#tokens.values()) token.expiresAt = Number.NEGATIVE_INFINITY
  }
}
