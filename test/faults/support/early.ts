import type { RequestLogEntry } from '../../../libs/simulator/request_log.ts'
import type { TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'

/** Requests that were on their way when the refusal came back: less than the shortest pause there is. */
const CROSSED_MS = 400

/**
 * Requests that came before the time which Retry-After had named for their path, and that cannot have crossed the refusal:
 * on a virtual clock, where no time passes on the way, they come later than it.
 */
export function earlyRequests({ log }: TeamsSimulator): RequestLogEntry[] {
  const refusedAt = new Map<string, number>()
  const early: RequestLogEntry[] = []
  for (const entry of [...log].sort((a, b) => a.at - b.at)) {
    // Links write the path in other letters than the first page does.
    const path = entry.path.toLowerCase()
    if (entry.early === true && entry.at - (refusedAt.get(path) ?? 0) > CROSSED_MS) early.push(entry)
    if (entry.fault !== undefined && (entry.status === 429 || entry.status === 503)) refusedAt.set(path, entry.at)
  }
  return early
}
