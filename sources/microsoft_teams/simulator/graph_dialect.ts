import type { Dialect } from '../../../libs/simulator/exchange.ts'
import type { Context } from './context.ts'
import { errorBody, requestIds } from './errors.ts'
import { limitsFor } from './graph_route.ts'
import { isTokenPath, tokenFaultBody } from './routes/token_error.ts'

/** Graph's manners: headers, key-as-argument paths, error envelope. */
export function graphDialect(context: Context, answered: Dialect['answered']): Dialect {
  return {
    contentType: 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    segments: keysAsSegments,
    headers: (exchange) => {
      const { requestId, clientRequestId } = requestIds(exchange)
      return {
        'request-id': requestId,
        'client-request-id': clientRequestId,
        'x-ms-ags-diagnostic':
          '{"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM0001"}}',
        'Strict-Transport-Security': 'max-age=31536000',
        'OData-Version': '4.0',
      }
    },
    error: (exchange, status, about) =>
      isTokenPath(exchange.path) ? tokenFaultBody(exchange, status, about) : errorBody(exchange, status, about),
    faultKey: (exchange) => `path:${exchange.path.toLowerCase()}`,
    arrivalKeys: (exchange, route) => {
      const path = `path:${exchange.path.toLowerCase()}`
      return route.admit ? [path, ...limitsFor(context, route.name, exchange).map((limit) => limit.key)] : [path]
    },
    ...(answered ? { answered } : {}),
  }
}

/** `teams('id')` becomes `teams/id`: nextLinks come in the first form, and both are taken. */
export function keysAsSegments(segments: string[]): string[] {
  return segments.flatMap((segment) => {
    const match = /^(\w+)\('([^']*)'\)$/.exec(segment)
    return match ? [match[1]!, match[2]!] : [segment]
  })
}
