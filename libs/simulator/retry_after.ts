import type { Instant } from '../connect/instant.ts'
import type { RetryAfter } from './fault_plan.ts'

/** The header's text, or undefined for none. */
export function formatRetryAfter(value: RetryAfter | undefined, now: Instant): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'object')
    return new Date(Math.ceil((now + value.http_date_in * 1000) / 1000) * 1000).toUTCString()
  return String(value)
}

/** The first moment the header allows, or undefined where it names none. */
export function retryAllowedAt(header: string | undefined, now: Instant): Instant | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  if (header.trim() !== '' && Number.isFinite(seconds)) return seconds > 0 ? now + seconds * 1000 : undefined
  const date = Date.parse(header)
  return Number.isFinite(date) ? date : undefined
}
