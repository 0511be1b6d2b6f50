import { on } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import { createRedactor } from '../../../libs/http/redaction.ts'
import type { Event } from '../../../libs/observe/events.ts'
import { redactedJson } from '../../../libs/observe/redacted_json.ts'
import { sayAlive } from './alive.ts'
import { answer } from './answer.ts'
import { describeError } from './describe_error.ts'
import { type ChildRequest, parseRequest } from './request.ts'
import { RequestInvalidError } from './request_invalid_error.ts'

/** The process that `serve` runs in: real streams in a child, any others in a test. */
export interface ChildProcessIo {
  stdin: Readable
  stdout: Writable
  stderr: Writable
  /** Ends the process at once: nobody is left who could read an answer. */
  abandon(): void
}

/**
 * Answers one request and ends. Stdin brings the request as one line and then stays open; when it closes, the
 * Python process is gone and this one ends too. Rows and answers go to stdout, everything else to stderr as one
 * JSON object a line: events have a `type`, the last of them is `whole`; the error that ends the process has a `code`.
 * @returns the exit code: 0 when the answer is whole
 */
export async function serve<C extends Closable>(source: SourceDefinition<C>, io: ChildProcessIo): Promise<number> {
  const abort = new AbortController()
  let redact = (text: string): string => text
  const say = (line: unknown): void => void io.stderr.write(`${redactedJson(line, redact)}\n`)
  const orphaned = (): void => {
    abort.abort()
    io.abandon()
  }
  using _ = sayAlive(say)
  try {
    const request = parseRequest(await readLine(io.stdin))
    io.stdin.once('close', orphaned).resume()
    redact = redactorFor(source, request)
    await answer(source, request, {
      out: io.stdout,
      signal: abort.signal,
      observer: (event) => isNotable(event) && say(event),
    })
    say({ type: 'whole' })
    return 0
  } catch (error) {
    // Requests beside the one that failed would go on, and keep this process alive for as long as they are tried again.
    abort.abort()
    say(describeError(error) satisfies JsonObject)
    return 1
  } finally {
    // An open stdin would keep the process alive; its end means something only until the answer is whole.
    io.stdin.off('close', orphaned).destroy()
  }
}

/** The first line of a stream that stays open. */
async function readLine(stdin: Readable): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of on(stdin, 'data', { close: ['end', 'close'] })) {
    const chunk = part[0] as Buffer
    parts.push(chunk)
    if (chunk.includes(0x0a)) return Buffer.concat(parts).toString('utf8').split('\n', 1)[0]!
  }
  throw new RequestInvalidError('stdin closed before it was whole')
}

function redactorFor({ options }: Pick<SourceDefinition, 'options'>, request: ChildRequest): (text: string) => string {
  const secrets = Object.keys(options).filter((name) => options[name]!.secret)
  const redactor = createRedactor(secrets.map((name) => request.options[name.toLowerCase()]))
  return (text) => redactor.text(text)
}

/** Spark's log takes what a person must see, not every page and request. */
function isNotable(event: Event): boolean {
  return event.type === 'warning' || event.type === 'notice' || event.type === 'partition_refused'
}
