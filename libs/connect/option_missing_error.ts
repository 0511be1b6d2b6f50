import { ParleyError } from './error.ts'
import type { OptionSpec } from './options.ts'

/** A required option is absent or empty, or one that another option needs. */
export class OptionMissingError extends ParleyError {
  readonly code = 'PARLEY_OPTION_MISSING'
  readonly kind = 'configuration'

  /** @param neededBy the option that makes it required */
  constructor(name: string, spec: OptionSpec, neededBy?: string) {
    const why = neededBy === undefined ? '' : ` by ${neededBy}`
    super(`Option ${name} is required${why}: ${spec.description}`, {
      remedy: `Add ${name} to the connection file, or set it in the environment.`,
      details: { option: name },
    })
  }
}
