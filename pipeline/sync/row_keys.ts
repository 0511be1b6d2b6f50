import type { RecordBatch } from 'apache-arrow'
import type { SyncJob } from './types.ts'

/** Keys of a page's rows, as a destination writes them: JSON lists of the key's values. */
export function rowKeys({ primaryKeys }: SyncJob, batches: readonly RecordBatch[]): Set<string> {
  const keys = new Set<string>()
  for (const batch of batches) {
    const columns = primaryKeys.map((name) => batch.getChild(name))
    for (let row = 0; row < batch.numRows; row++) keys.add(JSON.stringify(columns.map((column) => column?.get(row))))
  }
  return keys
}

/** The same key, whoever wrote it: DuckDB writes escapes in other letters. */
export function sameKey(key: string): string {
  return JSON.stringify(JSON.parse(key))
}
