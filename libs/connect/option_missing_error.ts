import { ParleyError } from './error.ts'
import type { OptionSpec } from './options.ts'

/** A required option is absent or empty. */
export class OptionMissingError extends ParleyError {
  readonly code = 'PARLEY_OPTION_MISSING'
  readonly kind = 'configuration'

  constructor(name: string, spec: OptionSpec) {
    super(`Option ${name} is required: ${spec.description}`, {
      remedy: `Add ${name} to the connection file, or set it in the environment.`,
      details: { option: name },
    })
  }
}
