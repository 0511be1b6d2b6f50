import type { Event, TableChanges } from './events.ts'

/** Totals of a run. `bytes` are received from the API. */
export interface Statistics {
  requests: number
  throttled: number
  retried: number
  bytes: number
  /** Rows the source yielded. */
  rows: number
  /** By table of the source; filled from events that say it. */
  tables: Record<string, { read: number } & TableChanges>
}

export interface StatisticsCollector {
  observe(event: Event): void
  /** The totals so far; a copy. */
  read(): Statistics
}

/** Counts what goes by. One a run. */
export function collectStatistics(): StatisticsCollector {
  const totals: Statistics = { requests: 0, throttled: 0, retried: 0, bytes: 0, rows: 0, tables: {} }
  const table = (name: string) => {
    totals.tables[name] ??= { read: 0, inserted: 0, updated: 0, deleted: 0 }
    return totals.tables[name]
  }
  return {
    observe(event) {
      if (event.type === 'request') {
        totals.requests++
        totals.bytes += event.bytes
      } else if (event.type === 'throttled') totals.throttled++
      else if (event.type === 'retried') totals.retried++
      else if (event.type === 'page') {
        totals.rows += event.rows
        for (const [name, rows] of Object.entries(event.by_table ?? {})) table(name).read += rows
      } else if (event.type === 'committed') {
        for (const [name, changes] of Object.entries(event.by_table ?? {})) {
          const sum = table(name)
          sum.inserted += changes.inserted
          sum.updated += changes.updated
          sum.deleted += changes.deleted
        }
      }
    },
    read: () => structuredClone(totals),
  }
}
