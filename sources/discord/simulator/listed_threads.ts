import type { Context } from './context.ts'
import type { Channel, Thread } from './model.ts'

type ThreadChannel = Channel & { thread: Thread }

/** The list that shows a thread now: for a while after it moved that is the one it came from. */
export function listedIn(context: Context, { thread }: ThreadChannel): Thread['movedFrom'] {
  const { staleListsMs } = context.settings
  if (staleListsMs > 0 && context.clock.now() - thread.movedAt < staleListsMs) return thread.movedFrom
  return thread.archived ? 'archived' : 'active'
}

/** Archived threads of a channel as the list shows them, newest archive_timestamp first. */
export function threadsListed(context: Context, parent: Channel): readonly ThreadChannel[] {
  const { threads } = context.world
  if (context.settings.staleListsMs === 0) return threads.archived(parent)
  return threads
    .of(parent)
    .filter((thread) => listedIn(context, thread) === 'archived')
    .sort((a, b) => b.thread.archiveTimestamp - a.thread.archiveTimestamp)
}
