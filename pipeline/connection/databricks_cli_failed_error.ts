import { ParleyError } from '../../libs/connect/error.ts'

/** The Databricks CLI did not create the connection. */
export class DatabricksCliFailedError extends ParleyError {
  readonly code = 'PARLEY_DATABRICKS_CLI_FAILED'
  readonly kind = 'configuration'

  constructor(connection: string, cause: CliFailure) {
    const said = cause.stderr?.trim().slice(0, 2_000)
    super(
      `The Databricks CLI did not create the connection ${connection}: it ${ending(cause)}${said ? `: ${said}` : '.'}`,
      {
        remedy:
          'Sign in with `databricks auth login`. If the connection exists, choose another --name, or remove it with `databricks connections delete NAME`.',
        details: { connection },
        cause,
      },
    )
  }
}

/** What Node says of a program that ended badly. */
export interface CliFailure {
  /** Exit code, or the name of a system error. */
  code?: number | string | null
  signal?: string | null
  stderr?: string
}

function ending({ code, signal }: CliFailure): string {
  if (typeof code === 'number') return `ended with ${code}`
  if (typeof code === 'string') return `cannot be started (${code})`
  // Nobody else knows of it: the time was over.
  return `took too long and was ended by ${signal ?? 'a signal'}`
}
