import { isParleyError } from '../../libs/connect/error.ts'
import type { JsonObject } from '../../libs/connect/json.ts'
import { printable } from '../../libs/observe/format.ts'

/**
 * An error for a person: `error CODE: what happened`, and below it, with an arrow, what to do. Ends with a line feed.
 * An error without a code is a bug of Parley and comes with its stack.
 */
export function formatError(error: unknown, color: boolean): string {
  const { code, message, remedy } = describe(error)
  const head = `error ${code}`
  const what = indent(printable(message), '  ')
  const advice = `  → ${indent(printable(remedy), '    ')}`
  const stack = !isParleyError(error) && error instanceof Error && error.stack ? `\n${printable(error.stack)}` : ''
  return `${color ? `\u001b[31m${head}\u001b[39m` : head}: ${what}\n${advice}${stack}\n`
}

/** The same for a program: what `--output json` prints on stdout. */
export function errorToJson(error: unknown): JsonObject {
  if (isParleyError(error)) return { error: error.toJSON() }
  return { error: { ...describe(error), kind: 'bug', details: {} } }
}

function describe(error: unknown): { code: string; message: string; remedy: string } {
  if (isParleyError(error)) return { code: error.code, message: error.message, remedy: error.remedy }
  return {
    code: 'PARLEY_BUG',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    remedy: 'This is a defect of Parley. Please report it with the lines around it.',
  }
}

function indent(text: string, space: string): string {
  return text.trimEnd().replaceAll('\n', `\n${space}`)
}
