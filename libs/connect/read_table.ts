import type { FeedDefinition, Partition, ReadArgs, Refusal } from './feed.ts'
import type { ReadContext, TableBatch } from './lakeflow.ts'
import { LimitBudget, optionLimit } from './limit_budget.ts'
import { moveOffset, type Offset } from './offset.ts'
import type { ResolvedOptions } from './options.ts'
import { PartitionsRefusedError } from './partitions_refused_error.ts'
import { readFeed } from './read_feed.ts'
import { Session } from './session.ts'
import type { TableDefinition } from './table.ts'

/** A table with the feed that yields it, and its checked options. */
export interface TableRead<C> {
  feed: FeedDefinition<C>
  table: TableDefinition
  options: ResolvedOptions
}

/** Reads on from `start`, partition after partition. See `LakeflowConnect.readTable`. */
export async function* readTable<C>(
  connection: C,
  { feed, table, options }: TableRead<C>,
  start: Offset,
  ctx: ReadContext,
): AsyncGenerator<TableBatch> {
  const signal = ctx.signal ?? new AbortController().signal
  const args = { connection, options, session: new Session(), signal }
  const until = ctx.until ?? (await feed.until(args))
  const { partitions, refused: refusedParents } = await feed.discover(args)
  const budget = new LimitBudget(ctx.limit ?? optionLimit(options))
  const refused = new Map<string, Refusal>()
  const refuse = (partition: Partition, refusal: Refusal) => {
    if (ctx.onRefused) ctx.onRefused(partition, refusal)
    else refused.set(partition.id, refusal)
  }
  for (const { partition, refusal } of refusedParents ?? []) refuse(partition, refusal)
  let offset = start
  let queue = byProgress(partitions, start)
  while (queue.length > 0 && !budget.spent) {
    const partition = queue.shift()!
    const request = { tables: new Set([table.name]), session: args.session, until, options, signal, ...budget.left() }
    const cursor = await startOf(feed, partition, offset, args)
    for await (const page of readFeed(feed, connection, partition, cursor, request)) {
      if (page.refused !== undefined) {
        const others = await feed.fallback?.(partition, page.refused, args)
        if (others) queue = byProgress([...queue, ...others.partitions], offset)
        const apart = others ? (others.refused ?? []) : [{ partition, refusal: page.refused }]
        for (const { partition, refusal } of apart) refuse(partition, refusal)
        break
      }
      const records = page.rows.get(table.name) ?? []
      offset = moveOffset(offset, partition.id, page.cursor)
      budget.take(records)
      yield { records, offset }
    }
  }
  if (refused.size > 0) throw new PartitionsRefusedError(refused)
}

/** Its own cursor, or what other partitions have read of it before. */
async function startOf<C>(feed: FeedDefinition<C>, partition: Partition, offset: Offset, args: ReadArgs<C>) {
  const cursorOf = (id: string) => offset.partitions[id] ?? null
  return cursorOf(partition.id) ?? (await feed.handOver?.(partition, cursorOf, args)) ?? null
}

/** Least advanced first, so that a small limit reaches every partition although `until` moves between batches. */
function byProgress(partitions: readonly Partition[], offset: Offset): Partition[] {
  const time = (partition: Partition) => Number(offset.partitions[partition.id]?.t ?? 0)
  return partitions.toSorted((a, b) => time(a) - time(b))
}
