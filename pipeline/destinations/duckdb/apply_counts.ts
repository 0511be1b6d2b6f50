import type { DuckDBConnection } from '@duckdb/node-api'
import { ApplyCountError } from './apply_count_error.ts'

/** How many rows of a table each condition is true for. */
export async function countWhere<const C extends readonly string[]>(
  db: DuckDBConnection,
  table: string,
  conditions: C,
): Promise<{ [K in keyof C]: number }> {
  const counts = conditions.map((condition) => `count(*) FILTER (${condition})::INTEGER`)
  const result = await db.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${table}`)
  return result.getRows()[0] as { [K in keyof C]: number }
}

/** @throws ApplyCountError when a statement wrote another number of rows than was decided */
export function assertCount(job: string, what: string, decided: number, done: number): void {
  if (decided !== done) throw new ApplyCountError(job, what, decided, done)
}
