import type { RecordBatch } from 'apache-arrow'
import type { OpenFeed } from './open_feed.ts'
import { PartitionRefusedError } from './partition_refused_error.ts'
import type { ChildRequest, Window } from './request.ts'
import { RowRejectedError } from './row_rejected_error.ts'
import { WindowUnfinishedError } from './window_unfinished_error.ts'

/**
 * Reads each window whole, one after the other.
 * @throws PartitionRefusedError, unless refusals are skipped; RowRejectedError; WindowUnfinishedError
 */
export async function* readWindows<C>(
  feed: OpenFeed<C>,
  { windows, refused }: ChildRequest & { op: 'read' },
): AsyncGenerator<RecordBatch> {
  for (const window of windows) yield* readWindow(feed, window, refused)
}

async function* readWindow<C>(
  feed: OpenFeed<C>,
  { partition, since, until }: Window,
  onRefused: 'fail' | 'skip',
): AsyncGenerator<RecordBatch> {
  const { table, feed: definition } = feed.access
  let complete = until <= (since ?? 0)
  for await (const page of feed.read(partition, since, until)) {
    if (page.refused !== undefined) {
      if (onRefused === 'fail') throw new PartitionRefusedError(partition.id, page.refused)
      const { code, message } = page.refused
      feed.observer({ type: 'partition_refused', feed: definition.name, partition: partition.id, code, message })
      return
    }
    const [rejected] = page.rejected ?? []
    if (rejected !== undefined) throw new RowRejectedError(partition.id, rejected)
    yield* page.rows.get(table.name) ?? []
    complete = page.complete
  }
  if (!complete) throw new WindowUnfinishedError(partition.id)
}
