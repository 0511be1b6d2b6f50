import { isParleyError } from '../../../libs/connect/error.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

/** The line on stderr that Python turns into an exception with the same code. */
export function describeError(error: unknown): JsonObject {
  if (isParleyError(error)) {
    return { code: error.code, message: error.message, remedy: error.remedy, details: error.details }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 'PARLEY_BUG',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    remedy: 'This is a defect of Parley. Please report it with the details.',
    details: { stack },
  }
}
