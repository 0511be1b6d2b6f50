import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import {
  brotliDecompress,
  brotliDecompressSync,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
} from 'node:zlib'
import { MalformedResponseError } from './malformed_response_error.ts'
import type { MemoryShare } from './memory_budget.ts'
import { ResponseTooLargeError } from './response_too_large_error.ts'

/** What we ask servers for; `decodeBody` reads all of them. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

export interface BodyLimits {
  maxBytes: number
  /** For error messages: `GET /v1.0/teams`. */
  request: string
  signal: AbortSignal
  memory: MemoryShare | undefined
}

/** Reads a body as it is on the wire. @throws ResponseTooLargeError as soon as it is, or says that it will be. */
export async function readBody(stream: Readable, declaredBytes: number, limits: BodyLimits): Promise<Buffer> {
  const { maxBytes, request, signal, memory } = limits
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    if (declaredBytes > maxBytes) throw new ResponseTooLargeError(request, maxBytes)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new ResponseTooLargeError(request, maxBytes)
      chunks.push(chunk)
      // While this waits the socket is not read: the server is held back, not our memory.
      await memory?.take(chunk.length)
      signal.throwIfAborted()
    }
  } catch (error) {
    stream.destroy()
    throw error
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)
}

/** Up to here a body is decoded at once, which takes less of this thread's time than to ask another for it. */
const AT_ONCE = 64 * 1024

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer | Promise<Buffer>

function decoder(atOnce: Decoder, elsewhere: Decoder): Decoder {
  return (body, options) => (body.length <= AT_ONCE ? atOnce : elsewhere)(body, options)
}

const gunzips = decoder(gunzipSync, promisify(gunzip))
const inflatesRaw = decoder(inflateRawSync, promisify(inflateRaw))
const decoders = {
  gzip: gunzips,
  'x-gzip': gunzips,
  deflate: decoder(inflateSync, promisify(inflate)),
  br: decoder(brotliDecompressSync, promisify(brotliDecompress)),
} as const

/**
 * Undoes `Content-Encoding`, never growing beyond the limit.
 * @throws ResponseTooLargeError, MalformedResponseError for damaged data or an encoding we did not ask for.
 */
export async function decodeBody(body: Buffer, encoding: string | undefined, limits: BodyLimits): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity' || body.length === 0) return body
  if (!(name in decoders))
    throw new MalformedResponseError('compressed in a way that was not asked for', limits.request)
  const options = { maxOutputLength: limits.maxBytes }
  try {
    const decoded = await decoders[name as keyof typeof decoders](body, options)
    await limits.memory?.take(Math.max(0, decoded.length - body.length))
    return decoded
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ResponseTooLargeError(limits.request, limits.maxBytes)
    // Some servers send `deflate` without its zlib wrapper.
    if (name === 'deflate' && (body[0]! & 0x0f) !== 8) return decodeRaw(body, limits)
    throw new MalformedResponseError('damaged compressed data', limits.request)
  }
}

async function decodeRaw(body: Buffer, limits: BodyLimits): Promise<Buffer> {
  try {
    return await inflatesRaw(body, { maxOutputLength: limits.maxBytes })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ResponseTooLargeError(limits.request, limits.maxBytes)
    throw new MalformedResponseError('damaged compressed data', limits.request)
  }
}
