import type { Context } from './context.ts'
import { usesColor } from './terminal.ts'

/** An error on stderr, and with `json` also on stdout. Never shows a secret. */
export async function reportError(error: unknown, { io, secrets }: Context, json: boolean): Promise<void> {
  const [{ createRedactor }, { redactedJson }, { errorToJson, formatError }] = await Promise.all([
    import('../../libs/http/redaction.ts'),
    import('../../libs/observe/redacted_json.ts'),
    import('./print_error.ts'),
  ])
  const redactor = createRedactor(secrets)
  const redact = (text: string): string => redactor.text(text)
  io.log(redact(formatError(error, usesColor(io))))
  if (json) await io.print(`${redactedJson(errorToJson(error), redact)}\n`)
}
