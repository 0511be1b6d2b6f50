import type { Reply } from '../../../libs/simulator/exchange.ts'

/** Status and text of the codes that reading meets (reference §9). */
const ERRORS = {
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10011: [404, 'Unknown Role'],
  10013: [404, 'Unknown User'],
  10014: [400, 'Unknown Emoji'],
  50001: [403, 'Missing Access'],
  50013: [403, 'Missing Permissions'],
  50024: [400, 'Cannot execute action on this channel type'],
  50041: [400, 'Invalid API version provided'],
  50085: [400, 'before value is earlier than the thread creation date'],
} as const

export type ErrorCode = keyof typeof ERRORS

export function refuse(code: ErrorCode): Reply {
  const [status, message] = ERRORS[code]
  return { status, body: { message, code } }
}

/** Answers without a code of their own: `401: Unauthorized`, `404: Not Found`. */
export function plainError(status: number): { message: string; code: number } {
  return { message: `${status}: ${STATUS_TEXT[status] ?? 'Error'}`, code: 0 }
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** What is wrong with one field of a request. */
export interface FieldError {
  code: string
  message: string
}

/** 50035 with its tree of fields. */
export function invalidForm(fields: Record<string, FieldError>): Reply {
  const errors = Object.fromEntries(Object.entries(fields).map(([name, error]) => [name, { _errors: [error] }]))
  return { status: 400, body: { message: 'Invalid Form Body', code: 50035, errors } }
}

/** What Cloudflare answers before Discord is asked: no JSON, no headers of the API. */
export function cloudflarePage(status: number, code: number, title: string): Reply {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>error code: ${code}</p></body></html>`
  return { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body }
}
