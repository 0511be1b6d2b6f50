import type { Instant } from '../../../libs/connect/instant.ts'
import type { Channel, Guild, Thread, User } from './model.ts'

/** A channel or thread with nothing in it. */
export function emptyChannel(guild: Guild, id: string, type: number, name: string): Omit<Channel, 'thread'> {
  return {
    guild,
    id,
    type,
    name: name.slice(0, 100),
    position: 0,
    parent: null,
    overwrites: [],
    topic: null,
    messages: [],
    lastMessageId: null,
    lastPinAt: 0,
    tags: [],
  }
}

/** An active thread that its owner alone is in. */
export function newThreadState({ at, owner, invitable }: { at: Instant; owner: User; invitable: boolean }): Thread {
  const createdAt = at * 1000 + 417
  return {
    ownerId: owner.id,
    archived: false,
    archiveTimestamp: createdAt,
    autoArchiveMinutes: 4320,
    locked: false,
    invitable,
    createdAt: at < Date.UTC(2022, 0, 9) ? 0 : createdAt,
    members: new Map([[owner.id, createdAt]]),
    messageCount: 0,
    totalMessageSent: 0,
    appliedTags: [],
    flags: 0,
    movedAt: at,
    movedFrom: 'nowhere',
  }
}
