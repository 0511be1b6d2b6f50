import type { RequestLogEntry } from '../../../libs/simulator/request_log.ts'
import type { TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'

/** Requests that were on their way when the refusal came back: less than the shortest pause there is. */
const CROSSED_MS = 400

/**
 * Requests that came before the time which Retry-After had named for their path, and that cannot have crossed the refusal:
 * they ask at once again for what was refused, or come later than anything that was on its way (on a virtual clock no time
 * passes there).
 */
export function earlyRequests({ log }: TeamsSimulator): RequestLogEntry[] {
  const refusedAt = new Map<string, number>()
  const early: RequestLogEntry[] = []
  for (const entry of log) {
    // Links write the path in other letters than the first page does.
    const path = entry.path.toLowerCase()
    const same = `${path}?${entry.query}`
    const justRefused = (key: string) => entry.at - (refusedAt.get(key) ?? 0) <= CROSSED_MS
    if (entry.early === true && (justRefused(same) || !justRefused(path))) early.push(entry)
    if (entry.fault !== undefined && (entry.status === 429 || entry.status === 503)) {
      refusedAt.set(path, entry.at)
      refusedAt.set(same, entry.at)
    }
  }
  return early
}
