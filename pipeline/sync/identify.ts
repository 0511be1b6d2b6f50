import type { Partition } from '../../libs/connect/feed.ts'
import { stableStringify } from '../../libs/connect/json.ts'
import { type Coverage, jobName } from '../destinations/destination.ts'
import type { PartitionIdentity } from './coverage.ts'
import type { SyncJob } from './types.ts'

/** Whom a line of coverage is about. */
export function identify(job: SyncJob, partition: Partition, runId: string): PartitionIdentity {
  return {
    job: jobName(job),
    partition: partition.id,
    params: stableStringify(withoutFacts(partition)),
    run_id: runId,
  }
}

export const partitionOf = (line: Coverage): Partition => JSON.parse(line.params) as Partition

/** What is true of the partition whenever it is asked for. */
function withoutFacts(partition: Partition): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partition as Record<string, string>).filter(([name]) => !name.startsWith('_')),
  )
}
