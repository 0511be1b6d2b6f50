import { ParleyError } from '../../libs/connect/error.ts'
import type { Position } from './yaml_positions.ts'

/** One thing that is wrong with a spec, and where. */
export interface SpecProblem {
  position: Position
  message: string
  remedy: string
}

/** The pipeline spec cannot be used: not YAML, an unknown key, a wrong value. Names every problem with file, line and column. */
export class SpecInvalidError extends ParleyError {
  readonly code = 'PARLEY_SPEC_INVALID'
  readonly kind = 'usage'

  constructor(file: string, problems: readonly SpecProblem[]) {
    const sorted = [...problems].sort(
      (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
    )
    const places = sorted.map(({ position, message }) => `${file}:${position.line}:${position.column}: ${message}`)
    super(places.join('\n'), {
      remedy: [...new Set(sorted.map(({ remedy }) => remedy))].join('\n'),
      details: {
        file,
        line: sorted[0]?.position.line ?? 1,
        column: sorted[0]?.position.column ?? 1,
        problems: sorted.map(({ position, message, remedy }) => ({ ...position, message, remedy })),
      },
    })
  }
}
