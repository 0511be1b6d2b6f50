import type { ServerResponse } from 'node:http'
import { type Handler, json } from '../http/local_server.ts'
import type { Answer, TellingServer } from '../http/telling_servers.ts'

export interface RateServerOptions {
  /** Milliseconds of the clock that the limits are counted by. */
  now(): number
  /** The limit of one channel; one is made for each. */
  limit(): TellingServer
  /** Hash of the bucket, by what the answer is. */
  hash?(answer: Answer, path: string): string
}

/** Lists of messages under limits, with Discord's headers and refusals (reference discord §8). */
export function rateServer({ now, limit, hash = () => 'abcd' }: RateServerOptions): Handler & { refused: number } {
  const limits = new Map<string, TellingServer>()
  const handler: Handler = (request, response) => {
    const [, , , , id = ''] = request.url.split('/')
    const own = limits.get(id) ?? limit()
    limits.set(id, own)
    const answer = own.answer(now())
    if (!answer.served) counting.refused++
    respond(response, answer, hash(answer, request.url))
  }
  const counting = Object.assign(handler, { refused: 0 })
  return counting
}

function respond(response: ServerResponse, { served, told, retryAfterMs = 0 }: Answer, hash: string): void {
  const headers: Record<string, string> =
    told === undefined
      ? {}
      : {
          'x-ratelimit-limit': String(told.limit),
          'x-ratelimit-remaining': String(told.remaining),
          'x-ratelimit-reset-after': (told.resetMs / 1000).toFixed(3),
          'x-ratelimit-bucket': hash,
        }
  if (served) {
    json(response, 200, [], headers)
    return
  }
  const seconds = Math.ceil(retryAfterMs / 1000)
  json(
    response,
    429,
    { message: 'You are being rate limited.', retry_after: retryAfterMs / 1000, global: false },
    { ...headers, 'retry-after': String(seconds), 'x-ratelimit-scope': 'user' },
  )
}
