import { isRow, rowsOf, textOf } from './json_rows.ts'

/** Bits of a permission set (reference §10). */
export const PERMISSIONS = {
  administrator: 1n << 3n,
  viewChannel: 1n << 10n,
  readHistory: 1n << 16n,
  connect: 1n << 20n,
  manageThreads: 1n << 34n,
} as const

const ALL = (1n << 64n) - 1n
/** What is left to a member in a time-out (reference §10). */
const TIMED_OUT = PERMISSIONS.viewChannel | PERMISSIONS.readHistory

/** What decides what the bot may do in a guild. */
export interface Standing {
  botId: string
  guildId: string
  ownerId: string | undefined
  /** Roles of the guild, as the API sends them. */
  roles: readonly unknown[]
  /** Ids of the bot's roles, without @everyone. */
  ownRoles: readonly string[]
  timedOut: boolean
}

/**
 * What the bot may do in a channel with these overwrites: the guild's roles first, then the overwrites of @everyone, of
 * its roles together and of itself. Threads take those of their channel.
 */
export function permissionsIn(standing: Standing, overwrites: readonly unknown[]): bigint {
  const base = basePermissions(standing)
  if ((base & PERMISSIONS.administrator) !== 0n) return ALL
  const { botId, guildId, ownRoles, timedOut } = standing
  const ofRoles = overwrites.filter((one) => ownRoles.includes(textOf(one, 'id') ?? ''))
  let bits = base
  for (const group of [withId(overwrites, guildId), ofRoles, withId(overwrites, botId)]) {
    const sum = (key: string) => group.reduce<bigint>((all, one) => all | bitsOf(one, key), 0n)
    bits = (bits & ~sum('deny')) | sum('allow')
  }
  // Without the sight of a channel nothing in it is allowed.
  if ((bits & PERMISSIONS.viewChannel) === 0n) return 0n
  return timedOut ? bits & TIMED_OUT : bits
}

function basePermissions({ guildId, botId, ownerId, roles, ownRoles }: Standing): bigint {
  if (ownerId === botId) return ALL
  const own = roles.filter((role) => [guildId, ...ownRoles].includes(textOf(role, 'id') ?? ''))
  return own.reduce<bigint>((all, role) => all | bitsOf(role, 'permissions'), 0n)
}

function withId(overwrites: readonly unknown[], id: string): unknown[] {
  return overwrites.filter((one) => textOf(one, 'id') === id)
}

/** Bit sets are decimal text. */
function bitsOf(holder: unknown, key: string): bigint {
  const text = textOf(holder, key) ?? ''
  return /^\d+$/.test(text) ? BigInt(text) : 0n
}

/** The overwrites of a channel as the API sends it. */
export function overwritesOf(channel: unknown): readonly unknown[] {
  return isRow(channel) ? rowsOf(channel.permission_overwrites) : []
}
