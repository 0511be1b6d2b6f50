import type { RecordBatch } from 'apache-arrow'
import type { Partition, Refusal } from '../../../libs/connect/feed.ts'
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
  { partition: first, since, until }: Window,
  onRefused: 'fail' | 'skip',
): AsyncGenerator<RecordBatch> {
  const { table, feed: definition } = feed.access
  const refuse = (partition: Partition, refusal: Refusal) => {
    if (onRefused === 'fail') throw new PartitionRefusedError(partition.id, refusal)
    const { code, message } = refusal
    feed.observer({ type: 'partition_refused', feed: definition.name, partition: partition.id, code, message })
  }
  // What is read in a partition's place has the same window: offsets know the partition only.
  const queue = [first]
  for (let partition = queue.shift(); partition !== undefined; partition = queue.shift()) {
    let isOpen = false
    for await (const page of feed.read(partition, since, until)) {
      if (page.refused !== undefined) {
        const others = await definition.fallback?.(partition, page.refused, feed.args)
        queue.push(...(others?.partitions ?? []))
        const apart = others ? (others.refused ?? []) : [{ partition, refusal: page.refused }]
        for (const one of apart) refuse(one.partition, one.refusal)
        isOpen = false
        break
      }
      const [rejected] = page.rejected ?? []
      if (rejected !== undefined) throw new RowRejectedError(partition.id, rejected)
      yield* page.rows.get(table.name) ?? []
      isOpen = !page.complete
    }
    if (isOpen) throw new WindowUnfinishedError(partition.id)
  }
}
