import type { RecordBatch } from 'apache-arrow'
import type { FeedPage, Partition, Refusal } from '../../../libs/connect/feed.ts'
import { FactsWriter } from './apply_facts.ts'
import type { OpenFeed } from './open_feed.ts'
import { PartitionRefusedError } from './partition_refused_error.ts'
import type { ChildRequest, OnRefused, Window } from './request.ts'
import { RowRejectedError } from './row_rejected_error.ts'
import { WindowUnfinishedError } from './window_unfinished_error.ts'

/**
 * Reads each window whole, one after the other.
 * @throws PartitionRefusedError, unless refusals are skipped or told; RowRejectedError; WindowUnfinishedError
 */
export async function* readWindows<C>(
  feed: OpenFeed<C>,
  { windows, refused }: ChildRequest & { op: 'read' },
): AsyncGenerator<RecordBatch> {
  const { table, schema, hashed } = feed.access
  const facts = hashed === null ? null : new FactsWriter(table, schema, hashed)
  for (const window of windows) yield* new WindowRead(feed, window, refused, facts).batches()
}

class WindowRead<C> {
  readonly #feed: OpenFeed<C>
  readonly #window: Window
  readonly #onRefused: OnRefused
  readonly #facts: FactsWriter | null

  constructor(feed: OpenFeed<C>, window: Window, onRefused: OnRefused, facts: FactsWriter | null) {
    this.#feed = feed
    this.#window = window
    this.#onRefused = onRefused
    this.#facts = facts
  }

  async *batches(): AsyncGenerator<RecordBatch> {
    const { feed: definition } = this.#feed.access
    const { partition: first, since, until } = this.#window
    // What is read in a partition's place has the same window: offsets know the partition only.
    const queue = [first]
    for (let partition = queue.shift(); partition !== undefined; partition = queue.shift()) {
      let isOpen = false
      for await (const page of this.#feed.read(partition, since, until)) {
        if (page.refused !== undefined) {
          const others = await definition.fallback?.(partition, page.refused, this.#feed.args)
          queue.push(...(others?.partitions ?? []))
          const apart = others ? (others.refused ?? []) : [{ partition, refusal: page.refused }]
          for (const one of apart) yield* this.#refuse(one.partition, one.refusal)
          isOpen = false
          break
        }
        yield* this.#rowsOf(page, partition)
        isOpen = !page.complete
      }
      if (isOpen) throw new WindowUnfinishedError(partition.id)
    }
  }

  #rowsOf(page: FeedPage, partition: Partition): RecordBatch[] {
    const [rejected] = page.rejected ?? []
    if (rejected !== undefined) throw new RowRejectedError(partition.id, rejected)
    if (this.#facts === null) return page.rows.get(this.#feed.access.table.name) ?? []
    return [...this.#facts.rows(page, partition), ...this.#facts.marks(page, partition)]
  }

  #refuse(partition: Partition, refusal: Refusal): RecordBatch[] {
    if (this.#onRefused === 'fail') throw new PartitionRefusedError(partition.id, refusal)
    const { code, message } = refusal
    const feed = this.#feed.access.feed.name
    this.#feed.observer({ type: 'partition_refused', feed, partition: partition.id, code, message })
    return this.#onRefused === 'tell' && this.#facts !== null ? [this.#facts.refused(partition, refusal)] : []
  }
}
