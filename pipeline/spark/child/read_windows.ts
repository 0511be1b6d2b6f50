import type { IpcOutput } from './ipc_output.ts'
import type { OpenFeed } from './open_feed.ts'
import { PartitionRefusedError } from './partition_refused_error.ts'
import type { ChildRequest, Window } from './request.ts'
import { RowRejectedError } from './row_rejected_error.ts'
import { WindowUnfinishedError } from './window_unfinished_error.ts'

/**
 * Reads each window whole, one after the other, and writes its rows as they come.
 * @throws PartitionRefusedError, unless refusals are skipped; RowRejectedError; WindowUnfinishedError
 */
export async function readWindows<C>(
  feed: OpenFeed<C>,
  request: ChildRequest & { op: 'read' },
  output: IpcOutput,
): Promise<void> {
  for (const window of request.windows) await readWindow(feed, window, request.refused, output)
  await output.end()
}

async function readWindow<C>(
  feed: OpenFeed<C>,
  window: Window,
  onRefused: 'fail' | 'skip',
  output: IpcOutput,
): Promise<void> {
  const { partition, since, until } = window
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
    for (const batch of page.rows.get(table.name) ?? []) await output.write(batch)
    complete = page.complete
  }
  if (!complete) throw new WindowUnfinishedError(partition.id)
}
