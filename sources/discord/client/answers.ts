import { parseRetryAfter } from '../../../libs/http/retry_timing.ts'
import type { HttpResponse, Verdict } from '../../../libs/http/types.ts'
import { type ErrorBody, readErrorBody } from './error_body.ts'

/** 202 with this code: the index for a search is being made (reference discord §1). */
const INDEX_NOT_READY = 110_000
const OVERLOADED = 130_000

/** What an answer of Discord means, by status and JSON code; `undefined`: what it means with any API. `now`: ms since 1970. */
export function classifyAnswer(answer: HttpResponse, now: number): Verdict | undefined {
  const { status } = answer
  if (status === 202) return retryUnlessReady(answer, now)
  if (status < 500) return undefined
  const body = errorBodyOf(answer)
  const hint = waitOf(answer, body, now)
  // A 503 that says when is throttling, as everywhere; Cloudflare has numbers of its own up to 530.
  if (status === 503 && hint !== undefined) return undefined
  const reason = body?.code === OVERLOADED ? 'overloaded' : `status ${status}`
  return {
    kind: 'retry',
    reason,
    freshConnection: status === 503,
    ...(hint === undefined ? {} : { retryAfterMs: hint }),
  }
}

/** The parsed body of an answer, `undefined` where it is no JSON object. */
export function errorBodyOf(answer: HttpResponse): ErrorBody | undefined {
  try {
    return readErrorBody(answer.json())
  } catch {
    return undefined
  }
}

/** Milliseconds that an answer asks for: the later of its header, whole seconds rounded up, and its body. */
export function waitOf(answer: HttpResponse, body: ErrorBody | undefined, now: number): number | undefined {
  const header = parseRetryAfter(answer.headers['retry-after'], answer.date, now)
  const said = body?.retryAfter === undefined ? undefined : Math.ceil(body.retryAfter * 1000)
  if (header === undefined || said === undefined) return header ?? said
  return Math.max(header, said)
}

function retryUnlessReady(answer: HttpResponse, now: number): Verdict | undefined {
  const body = errorBodyOf(answer)
  if (body?.code !== INDEX_NOT_READY) return undefined
  return { kind: 'retry', reason: 'the search index is not ready', retryAfterMs: waitOf(answer, body, now) ?? 0 }
}
