import type { RecordBatch } from 'apache-arrow'
import type { FeedPage, Partition, Refusal } from '../../../libs/connect/feed.ts'
import { WorkerPool } from '../../sync/worker_pool.ts'
import { FactsWriter } from './apply_facts.ts'
import { Handover } from './handover.ts'
import type { OpenFeed } from './open_feed.ts'
import { PartitionRefusedError } from './partition_refused_error.ts'
import type { ChildRequest, OnRefused, Window } from './request.ts'
import { RowRejectedError } from './row_rejected_error.ts'
import { WindowUnfinishedError } from './window_unfinished_error.ts'

/** Windows at the same time while others wait for limits of their own partitions: several children share a machine's memory. */
const MOST_WINDOWS = 32

/**
 * Reads each window whole: one after the other, and side by side while limits of single partitions (a team, a channel) hold
 * reads back, so that a task uses its share of the limit that all partitions have in common.
 *
 * @throws PartitionRefusedError, unless refusals are skipped or told; RowRejectedError; WindowUnfinishedError
 */
export async function* readWindows<C>(
  feed: OpenFeed<C>,
  { windows, refused }: ChildRequest & { op: 'read' },
): AsyncGenerator<RecordBatch> {
  const { table, schema, hashed } = feed.access
  const facts = hashed === null ? null : new FactsWriter(table, schema, hashed)
  const batches = new Handover<RecordBatch>()
  const stop = new AbortController()
  const reader = new WindowReader(feed, refused, facts, stop.signal)
  const pool: WorkerPool<Window> = new WorkerPool({
    workers: 1,
    most: MOST_WINDOWS,
    batch: 1,
    held: feed.held,
    async work(window) {
      if (stop.signal.aborted) return
      try {
        for await (const one of reader.read(window, (others) => pool.add(others))) await batches.bring(one)
      } catch (error) {
        // What fails behind the first failure is its consequence.
        batches.fail(error)
        stop.abort()
      }
    },
  })
  pool.add(windows)
  void pool.run().then(() => batches.done())
  try {
    yield* batches.taken()
  } finally {
    stop.abort()
  }
}

class WindowReader<C> {
  readonly #feed: OpenFeed<C>
  readonly #onRefused: OnRefused
  readonly #facts: FactsWriter | null
  readonly #signal: AbortSignal

  constructor(feed: OpenFeed<C>, onRefused: OnRefused, facts: FactsWriter | null, signal: AbortSignal) {
    this.#feed = feed
    this.#onRefused = onRefused
    this.#facts = facts
    this.#signal = signal
  }

  /** @param instead takes what is to be read in the partition's place: with the same window, for offsets know the partition only */
  async *read({ partition, since, until }: Window, instead: (windows: Window[]) => void): AsyncGenerator<RecordBatch> {
    let isOpen = false
    for await (const page of this.#feed.read(partition, since, until, { signal: this.#signal })) {
      if (page.refused !== undefined) {
        const others = await this.#feed.access.feed.fallback?.(partition, page.refused, this.#feed.args)
        const apart = others ? (others.refused ?? []) : [{ partition, refusal: page.refused }]
        for (const one of apart) yield* this.#refuse(one.partition, one.refusal)
        instead((others?.partitions ?? []).map((other) => ({ partition: other, since, until })))
        return
      }
      yield* this.#rowsOf(page, partition)
      isOpen = !page.complete
    }
    if (isOpen) throw new WindowUnfinishedError(partition.id)
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
