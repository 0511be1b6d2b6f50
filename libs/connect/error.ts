import type { JsonObject } from './json.ts'

/** Which of the command line's exit codes an error leads to (DESIGN: 1 bug, 2 usage, 3 configuration, 4 partial, 5 source, 6 locked). */
export type ErrorKind = 'bug' | 'usage' | 'configuration' | 'partial' | 'source' | 'locked'

export interface ParleyErrorInit {
  /** What to do about it: one sentence in the imperative. */
  remedy: string
  /** Facts a program can use: status, url (redacted), partition, file, line … */
  details?: JsonObject
  cause?: unknown
}

/**
 * The base of every error that Parley raises on purpose. `code` is stable and documented in
 * `docs/errors.md`; `message` says what happened; `remedy` says what to do.
 * Subclasses live one a file, beside the code that throws them.
 */
export abstract class ParleyError extends Error {
  abstract readonly code: `PARLEY_${string}`
  abstract readonly kind: ErrorKind
  readonly remedy: string
  readonly details: JsonObject
  /** True for trouble that every further request would meet as well: what is left of the run is not tried. */
  readonly endsRun: boolean = false

  constructor(message: string, init: ParleyErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = new.target.name
    this.remedy = init.remedy
    this.details = init.details ?? {}
  }

  toJSON(): JsonObject {
    return { code: this.code, kind: this.kind, message: this.message, remedy: this.remedy, details: this.details }
  }
}

/** True for trouble with the source that another request, another partition need not have. */
export function isPassingTrouble(error: unknown): error is ParleyError {
  return isParleyError(error) && error.kind === 'source' && !error.endsRun
}

/** True for an error that carries a Parley code (also across bundles, where `instanceof` would fail). */
export function isParleyError(error: unknown): error is ParleyError {
  return (
    error instanceof Error &&
    typeof (error as Partial<ParleyError>).code === 'string' &&
    (error as ParleyError).code.startsWith('PARLEY_')
  )
}
