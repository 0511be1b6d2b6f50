import { ParleyError } from '../../libs/connect/error.ts'

/** `--apply` needs the Databricks CLI, and there is no program of this name. */
export class DatabricksCliMissingError extends ParleyError {
  readonly code = 'PARLEY_DATABRICKS_CLI_MISSING'
  readonly kind = 'configuration'

  constructor(cause: unknown) {
    super('The Databricks CLI is not installed: there is no `databricks` in the PATH.', {
      remedy:
        'Install it and sign in with `databricks auth login`, or run what --shell prints on a machine that has it.',
      cause,
    })
  }
}
