import type { Event } from './events.ts'
import { formatDuration, plural } from './format.ts'

export interface Description {
  level: 'info' | 'warning'
  text: string
}

/** One sentence for the events that a person wants to read; `null` for those that only move counters. */
export function describeEvent(event: Event): Description | null {
  switch (event.type) {
    case 'run_started':
      return info(`${event.source} (${event.connection}): ${event.tables.join(', ')}`)
    case 'discovered': {
      const refused = event.refused > 0 ? `, ${event.refused} refused` : ''
      const tables = event.tables === undefined ? '' : ` (${event.tables.join(', ')})`
      return info(`${event.feed}${tables}: ${plural(event.partitions, 'partition')}${refused}`)
    }
    case 'partition_refused':
      return warning(`${event.feed} ${event.partition} refused: ${event.code} ${event.message}`)
    case 'partition_behind':
      return warning(`${event.feed} ${event.partition} is behind: ${event.code} ${event.message}`)
    case 'partition_gone':
      return info(`${event.feed} ${event.partition} is gone`)
    case 'notice':
      return info(event.message)
    case 'warning':
      return warning(`${event.code}: ${event.message}`)
    case 'run_finished':
      return info(`${event.status} after ${formatDuration(event.seconds)}, ${plural(event.rows, 'row')}`)
    default:
      return null
  }
}

function info(text: string): Description {
  return { level: 'info', text }
}

function warning(text: string): Description {
  return { level: 'warning', text }
}
