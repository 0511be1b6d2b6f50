import { isThread } from './channel_kinds.ts'
import { CHANNEL } from './codes.ts'
import type { Channel, Thread } from './model.ts'
import { compareIds } from './snowflake.ts'

type ThreadChannel = Channel & { thread: Thread }

interface Lists {
  all: Set<ThreadChannel>
  /** Archived ones by archive_timestamp, newest first; null when it must be made again. */
  archived: ThreadChannel[] | null
}

/** Threads by the channel they belong to, in the orders that the API has. */
export class ThreadLists {
  #lists = new Map<Channel, Lists>()

  add(thread: Channel): void {
    const lists = this.#of(thread.parent!)
    if (isThread(thread)) lists.all.add(thread)
    lists.archived = null
  }

  remove(thread: Channel): void {
    const lists = thread.parent && this.#lists.get(thread.parent)
    if (!lists || !isThread(thread)) return
    lists.all.delete(thread)
    lists.archived = null
  }

  /** A thread of this parent has another state or archive_timestamp. */
  changed(parent: Channel): void {
    this.#of(parent).archived = null
  }

  of(parent: Channel): ThreadChannel[] {
    return [...(this.#lists.get(parent)?.all ?? [])]
  }

  /** By archive_timestamp descending, of equal ones the greater id first. */
  archived(parent: Channel): readonly ThreadChannel[] {
    const lists = this.#of(parent)
    lists.archived ??= [...lists.all]
      .filter(({ thread }) => thread.archived)
      .sort((a, b) => b.thread.archiveTimestamp - a.thread.archiveTimestamp || compareIds(b.id, a.id))
    return lists.archived
  }

  #of(parent: Channel): Lists {
    let lists = this.#lists.get(parent)
    if (!lists) {
      lists = { all: new Set(), archived: null }
      this.#lists.set(parent, lists)
    }
    return lists
  }
}

export function isPrivate(thread: Channel): boolean {
  return thread.type === CHANNEL.PRIVATE_THREAD
}
