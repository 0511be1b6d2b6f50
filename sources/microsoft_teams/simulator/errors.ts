import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { stableGuid } from '../../../libs/simulator/random.ts'

/** Codes by status, where a fault or a route names none (reference §4). */
const DEFAULTS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['BadRequest', 'Invalid request.'],
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['Forbidden', ''],
  404: ['NotFound', 'Resource not found.'],
  410: ['SyncStateNotFound', 'The sync state is not found.'],
  412: ['PreconditionFailed', 'Requested API is not supported in application-only context'],
  500: ['UnknownError', 'Internal Server Error'],
  502: ['UnknownError', 'Bad Gateway'],
  503: ['UnknownError', 'Service Unavailable'],
  504: ['UnknownError', 'Gateway Timeout'],
  509: ['UnknownError', 'Bandwidth Limit Exceeded'],
}

/** Graph's error envelope. */
export function errorBody(exchange: Exchange, status: number, about: { code?: string; message?: string } = {}): object {
  if (status === 429) return throttledBody(exchange)
  const [code, message] = DEFAULTS[status] ?? ['UnknownError', `Status ${status}`]
  return { error: { code: about.code ?? code, message: about.message ?? message, innerError: ids(exchange) } }
}

export function refuse(exchange: Exchange, status: number, about: { code?: string; message?: string } = {}): Reply {
  return { status, body: errorBody(exchange, status, about) }
}

export function badRequest(exchange: Exchange, message: string): Reply {
  return refuse(exchange, 400, { message })
}

/** 404 of a group without a team, with the inner code as observed. */
export function teamNotFound(exchange: Exchange, id: string): Reply {
  const message = `No team found with Group Id ${id}`
  const innerError = { message, code: 'ItemNotFound', innerError: {}, ...ids(exchange) }
  return { status: 404, body: { error: { code: 'NotFound', message, innerError } } }
}

export function missingRole(exchange: Exchange, required: readonly string[], roles: readonly string[]): Reply {
  const message = `Missing role permissions on the request. API required one of '${required.join(', ')}'. Roles on the request '${roles.join(', ')}'`
  return refuse(exchange, 403, { message })
}

/** `request-id` of this exchange; `client-request-id` echoes the client's. */
export function requestIds(exchange: Exchange): { requestId: string; clientRequestId: string } {
  const known = exchange.state.get('request_id') as string | undefined
  const requestId = known ?? stableGuid(`${exchange.rawUrl} ${requests++}`)
  exchange.state.set('request_id', requestId)
  const given = exchange.headers['client-request-id']
  return { requestId, clientRequestId: typeof given === 'string' ? given : requestId }
}

let requests = 0

function throttledBody(exchange: Exchange): object {
  const { date, 'request-id': requestId } = ids(exchange)
  const innerError = { code: '429', date, message: 'Please retry after', 'request-id': requestId, status: '429' }
  return { error: { code: 'TooManyRequests', innerError, message: 'Please retry again later.' } }
}

/** The inner date has seconds and no zone. */
function ids(exchange: Exchange): { date: string; 'request-id': string; 'client-request-id': string } {
  const { requestId, clientRequestId } = requestIds(exchange)
  const date = new Date(exchange.clock.now()).toISOString().slice(0, 19)
  return { date, 'request-id': requestId, 'client-request-id': clientRequestId }
}
