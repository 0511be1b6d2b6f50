import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Dialect, Exchange, Reply } from './exchange.ts'
import { WIRE_FAULTS } from './fault_plan.ts'
import type { WireReply } from './wire.ts'

const compress = promisify(gzip)

/** Below this a compressed body is not smaller in any way that matters. */
const MIN_GZIP_BYTES = 1024

/** More text than this is written in pieces, without a length and without gzip. */
const MAX_WHOLE_CHARS = 4 * 1024 * 1024

/** Turns an answer into status, headers and bytes: JSON text, the clock's `Date`, gzip where the client takes it. */
export async function encodeReply(
  exchange: Exchange,
  reply: Reply,
  dialect: Dialect,
  mayGzip: boolean,
): Promise<WireReply> {
  const { body, rest } = gather(exchange, reply)
  const headers: Record<string, string> = {
    Date: new Date(exchange.clock.now()).toUTCString(),
    ...(body.length > 0 ? { 'Content-Type': dialect.contentType } : {}),
    ...dialect.headers(exchange),
    ...reply.headers,
  }
  // Faults cut and pad plain JSON: what arrives must be what the plan says.
  const accepts = /\bgzip\b/.test(String(exchange.headers['accept-encoding'] ?? ''))
  if (rest) return { status: reply.status, headers, body, rest }
  if (!mayGzip || !accepts || exchange.fault || body.length < MIN_GZIP_BYTES)
    return { status: reply.status, headers, body }
  return {
    status: reply.status,
    headers: { ...headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    body: await compress(body, { level: 1 }),
  }
}

/** The whole body, or its beginning and the rest of it. Faults on the wire cut by length and so need the whole. */
function gather(exchange: Exchange, reply: Reply): { body: Buffer; rest?: Iterator<string> } {
  if (!reply.text) return { body: toBuffer(reply.body) }
  const whole = exchange.fault !== undefined && WIRE_FAULTS.includes(exchange.fault.kind)
  const pieces = reply.text[Symbol.iterator]()
  let text = ''
  for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
    text += piece.value
    if (text.length > MAX_WHOLE_CHARS && !whole) return { body: Buffer.from(text), rest: pieces }
  }
  return { body: Buffer.from(text) }
}

function toBuffer(body: Reply['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
