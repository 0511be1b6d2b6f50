import { ParleyError } from './error.ts'

/** An option that the source does not declare: most often a typing error. */
export class OptionUnknownError extends ParleyError {
  readonly code = 'PARLEY_OPTION_UNKNOWN'
  readonly kind = 'usage'

  constructor(name: string, known: readonly string[]) {
    super(`There is no option ${name}.`, {
      remedy: `Use one of: ${[...known].sort().join(', ')}.`,
      details: { option: name },
    })
  }
}
