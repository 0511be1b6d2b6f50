import { ParleyError } from '../../libs/connect/error.ts'
import type { Position } from './yaml_positions.ts'

/** The connection file says `${NAME}`, and the environment has no NAME. */
export class ConnectionEnvMissingError extends ParleyError {
  readonly code = 'PARLEY_CONNECTION_ENV_MISSING'
  readonly kind = 'configuration'

  constructor(file: string, position: Position, variable: string) {
    super(`${file}:${position.line}:${position.column}: the environment has no variable ${variable}.`, {
      remedy: `Set ${variable}, or write the value into the file (\`$\${…}\` stands for a literal \`\${…}\`).`,
      details: { file, ...position, variable },
    })
  }
}
