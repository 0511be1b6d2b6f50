/** The members of an error body that decisions may use (reference discord §1); its `message` is for display. */
export interface ErrorBody {
  code: number | undefined
  message: string
  /** Seconds. */
  retryAfter: number | undefined
  global: boolean
}

/** Reads a parsed body, or `undefined` where it is no JSON object. */
export function readErrorBody(body: unknown): ErrorBody | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const { code, message, retry_after, global } = body as Record<string, unknown>
  return {
    code: typeof code === 'number' ? code : undefined,
    message: typeof message === 'string' ? message : '',
    retryAfter: typeof retry_after === 'number' && retry_after >= 0 ? retry_after : undefined,
    global: global === true,
  }
}
