import type { OptionSet } from '../../libs/connect/options.ts'

const count = (description: string) => ({ type: 'integer', scope: 'table', min: 1, description }) as const
const words = (description: string) => ({ type: 'text', scope: 'table', description }) as const

/**
 * What the Spark reader understands beside the source's own options, and a spec may set for a table. The Python part
 * reads them, `parley sync` passes over them, and docs/spark.md says more of each.
 */
export const SPARK_OPTIONS = {
  concurrent_streams: count('Queries that use the same application at one time.'),
  concurrent_tasks: count('Tasks of a read that run at one time.'),
  max_tasks: count('Tasks of a read.'),
  min_poll_seconds: count('Between two plans of a trigger that goes on.'),
  new_partitions_per_batch: count('New partitions of a micro-batch, on Spark 4.0 and 4.1.'),
  node_path: words('The Node.js to use.'),
  replay: { type: 'choice', scope: 'table', choices: ['strict', 'lenient'], description: 'On Spark 4.0 and 4.1.' },
  shard: words('A share of the partitions: i/n.'),
} as const satisfies OptionSet
