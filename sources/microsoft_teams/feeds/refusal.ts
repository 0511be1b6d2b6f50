import { isParleyError, type ParleyError } from '../../../libs/connect/error.ts'
import type { Refusal } from '../../../libs/connect/feed.ts'
import { ForeignLinkError } from '../../../libs/http/foreign_link_error.ts'
import { DeltaUnsupportedError } from '../errors/delta_unsupported_error.ts'
import { GraphError } from '../errors/graph_error.ts'

/** Answers that concern one partition only: the others can be read. 402 is the old export quota (reference §1.4). */
const REFUSING_STATUS = new Set([402, 403, 404, 412])

/** The refusal an error stands for, or null when the error means something else. */
export function asRefusal(error: unknown): Refusal | null {
  const refuses = error instanceof GraphError && REFUSING_STATUS.has(error.status)
  if (!refuses && !(error instanceof DeltaUnsupportedError)) return null
  return { code: error.code, status: error.status, message: error.message, remedy: error.remedy }
}

/** True when a request failed for itself, after all retries: others may be answered. */
export function isFailure(error: unknown, signal: AbortSignal): error is ParleyError {
  return isParleyError(error) && error.kind === 'source' && !signal.aborted
}

/**
 * True when a stored link leads nowhere any more: stale tokens are answered 400, 404 or 410 (reference §2.5, §4), and
 * links of another host were stored when `graph_base_url` was another one.
 */
export function isLostToken(error: unknown): boolean {
  if (error instanceof ForeignLinkError) return true
  return error instanceof GraphError && [400, 404, 410].includes(error.status)
}
