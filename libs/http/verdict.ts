import { isRetriedStatus, parseRetryAfter } from './retry_timing.ts'
import type { HttpRequest, HttpResponse, Verdict } from './types.ts'

/** What an answer means, by status, headers and the request's own rules. `now`: the local clock, in ms. */
export function judge(request: HttpRequest, answer: HttpResponse, now: number): Verdict {
  const special = request.classify?.(answer)
  if (special !== undefined) return special
  const { status } = answer
  if (request.answers?.includes(status)) return { kind: 'ok' }
  if (status >= 200 && status < 300) return judgeBody(request, answer)
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], answer.date, now)
  const hint = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return { kind: 'throttled', ...hint }
  if (isRetriedStatus(status)) {
    return { kind: 'retry', reason: `status ${status}`, freshConnection: status === 503, ...hint }
  }
  return { kind: 'final' }
}

function judgeBody(request: HttpRequest, answer: HttpResponse): Verdict {
  if (request.expect === 'bytes' || answer.status === 204) return { kind: 'ok' }
  let json: unknown
  try {
    json = answer.json()
  } catch {
    return { kind: 'malformed', what: answer.body.length === 0 ? 'empty' : 'no JSON, or JSON that breaks off' }
  }
  const what = request.check?.(json)
  return what === undefined ? { kind: 'ok' } : { kind: 'malformed', what }
}
