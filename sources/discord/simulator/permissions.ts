/** Permission bits that matter to somebody who reads (reference §10). */
export const BIT = {
  MANAGE_CHANNELS: 1n << 4n,
  ADMINISTRATOR: 1n << 3n,
  VIEW_AUDIT_LOG: 1n << 7n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  CONNECT: 1n << 20n,
  MANAGE_THREADS: 1n << 34n,
} as const

/** All 53 bits that are given out. */
export const ALL_PERMISSIONS = (1n << 53n) - 1n

/** What is left to a member in a time-out. */
const TIMED_OUT = BIT.VIEW_CHANNEL | BIT.READ_MESSAGE_HISTORY

/** A permission overwrite of a channel for a role (0) or a member (1). */
export interface Overwrite {
  id: string
  type: 0 | 1
  allow: bigint
  deny: bigint
}

export interface Asker {
  userId: string
  isOwner: boolean
  /** Ids of the member's roles, without @everyone. */
  roleIds: readonly string[]
  timedOut: boolean
}

/** Guild-wide permissions: the owner has all, the roles are OR-ed, ADMINISTRATOR is all. */
export function basePermissions(
  guildId: string,
  roles: readonly { id: string; permissions: bigint }[],
  asker: Asker,
): bigint {
  if (asker.isOwner) return ALL_PERMISSIONS
  let permissions = 0n
  for (const role of roles) if (role.id === guildId || asker.roleIds.includes(role.id)) permissions |= role.permissions
  return permissions & BIT.ADMINISTRATOR ? ALL_PERMISSIONS : permissions
}

/**
 * Permissions in a channel: of @everyone's overwrite, then all role overwrites at once, then the member's own; in each
 * the allowed bits win over the denied ones. Without VIEW_CHANNEL nothing else holds.
 */
export function channelPermissions(
  base: bigint,
  guildId: string,
  overwrites: readonly Overwrite[],
  asker: Asker,
): bigint {
  if (base === ALL_PERMISSIONS) return base
  const everyone = overwrites.find((overwrite) => overwrite.type === 0 && overwrite.id === guildId)
  let permissions = apply(base, everyone)
  let allow = 0n
  let deny = 0n
  for (const overwrite of overwrites) {
    if (overwrite.type !== 0 || overwrite.id === guildId || !asker.roleIds.includes(overwrite.id)) continue
    allow |= overwrite.allow
    deny |= overwrite.deny
  }
  permissions = (permissions & ~deny) | allow
  permissions = apply(
    permissions,
    overwrites.find((overwrite) => overwrite.type === 1 && overwrite.id === asker.userId),
  )
  if (asker.timedOut) permissions &= TIMED_OUT
  return permissions & BIT.VIEW_CHANNEL ? permissions : 0n
}

function apply(permissions: bigint, overwrite: Overwrite | undefined): bigint {
  return overwrite ? (permissions & ~overwrite.deny) | overwrite.allow : permissions
}
