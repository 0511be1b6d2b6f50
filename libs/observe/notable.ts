import { type Description, describeEvent } from './describe_event.ts'
import type { Event } from './events.ts'

const MOST_WARNINGS = 20

/**
 * Picks the events worth a line, and bounds them: a tenant that refuses ten thousand teams must not print ten
 * thousand lines. The whole list is in the run log and the result.
 */
export function notableEvents(): (event: Event) => Description | null {
  let warnings = 0
  return (event) => {
    const description = describeEvent(event)
    if (description?.level !== 'warning') return description
    warnings++
    if (warnings < MOST_WARNINGS) return description
    if (warnings > MOST_WARNINGS) return null
    return { level: 'warning', text: `${description.text} (further warnings are only in the run log)` }
  }
}
