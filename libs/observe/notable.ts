import { type Description, describeEvent } from './describe_event.ts'
import type { Event } from './events.ts'

const MOST_WARNINGS = 20

/**
 * Picks the events worth a line, and bounds them: a tenant that refuses ten thousand teams must not print ten
 * thousand lines. The whole list is in the run log and the result.
 */
export function notableEvents(): (event: Event) => Description | null {
  let warnings = 0
  const listed = new Set<string>()
  /** A feed's name is enough until it comes again, for other tables. */
  const shorten = (event: Event): Event => {
    if (event.type !== 'discovered' || listed.has(event.feed)) return event
    listed.add(event.feed)
    const { tables: _, ...rest } = event
    return rest
  }
  return (event) => {
    const description = describeEvent(shorten(event))
    if (description?.level !== 'warning') return description
    warnings++
    if (warnings < MOST_WARNINGS) return description
    if (warnings > MOST_WARNINGS) return null
    return { level: 'warning', text: `${description.text} (further warnings are only in the run log)` }
  }
}
