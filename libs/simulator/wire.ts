import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { SimClock } from './clock.ts'
import type { Fault } from './fault_plan.ts'

export interface WireReply {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** Text after `body`, made while it is written; never together with a fault on the wire. */
  rest?: Iterator<string>
}

const PADDING = Buffer.alloc(64 * 1024, 0x78)

/**
 * Writes an answer, with a wire fault where one is wanted. Resolves when the answer is out or the connection is gone.
 * `closing` ends stalls and drips when the simulator stops. Answers the bytes of the body that were in no buffer before.
 */
export async function writeReply(
  res: ServerResponse,
  reply: WireReply,
  fault: Fault | undefined,
  clock: SimClock,
  closing: AbortSignal,
): Promise<number> {
  if (reply.rest) return writeRest(res, reply, reply.rest)
  await writeBuffer(res, reply, fault, clock, closing)
  return 0
}

async function writeBuffer(
  res: ServerResponse,
  reply: WireReply,
  fault: Fault | undefined,
  clock: SimClock,
  closing: AbortSignal,
): Promise<void> {
  switch (fault?.kind) {
    case 'reset':
      return writeReset(res, reply, fault.when)
    case 'truncate':
      return writeTruncated(res, reply, fault.declared)
    case 'stall':
      return writeStalled(res, reply, fault, clock, closing)
    case 'drip':
      return writeDrip(res, reply, fault, clock, closing)
    case 'huge':
      return writeHuge(res, reply, fault.bytes)
    default:
      return writeWhole(res, reply)
  }
}

function head(res: ServerResponse, reply: WireReply, length = reply.body.length): void {
  res.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(length) })
}

async function writeWhole(res: ServerResponse, reply: WireReply): Promise<void> {
  head(res, reply)
  res.end(reply.body)
  await finished(res)
}

/** Chunked, no faster than it is read. */
async function writeRest(res: ServerResponse, reply: WireReply, rest: Iterator<string>): Promise<number> {
  res.writeHead(reply.status, reply.headers)
  await flushed(res, reply.body)
  let bytes = 0
  for (let piece = rest.next(); !piece.done && !res.destroyed; piece = rest.next()) {
    const chunk = Buffer.from(piece.value)
    bytes += chunk.length
    await flushed(res, chunk)
  }
  res.end()
  await finished(res)
  return bytes
}

async function writeReset(res: ServerResponse, reply: WireReply, when: 'before_headers' | 'mid_body'): Promise<void> {
  if (when === 'mid_body') {
    head(res, reply)
    await flushed(res, half(reply.body))
  }
  res.socket?.resetAndDestroy()
}

async function writeTruncated(res: ServerResponse, reply: WireReply, declared: 'full' | 'cut'): Promise<void> {
  if (declared === 'cut') return writeWhole(res, { ...reply, body: half(reply.body) })
  head(res, reply)
  await flushed(res, half(reply.body))
  res.socket?.destroySoon()
}

async function writeStalled(
  res: ServerResponse,
  reply: WireReply,
  fault: { when: 'before_headers' | 'mid_body'; ms?: number },
  clock: SimClock,
  closing: AbortSignal,
): Promise<void> {
  const sent = fault.when === 'mid_body' ? half(reply.body) : undefined
  if (sent) {
    head(res, reply)
    await flushed(res, sent)
  }
  if (fault.ms === undefined) return gone(res)
  await pause(clock, fault.ms, res, closing)
  if (!sent) return writeWhole(res, reply)
  res.end(reply.body.subarray(sent.length))
  await finished(res)
}

async function writeDrip(
  res: ServerResponse,
  reply: WireReply,
  fault: { chunk_bytes: number; every_ms: number },
  clock: SimClock,
  closing: AbortSignal,
): Promise<void> {
  head(res, reply)
  for (let at = 0; at < reply.body.length && !res.destroyed; at += fault.chunk_bytes) {
    // Not after the last one: a client that has the whole answer asks on, and would wait behind it.
    if (at > 0) await pause(clock, fault.every_ms, res, closing)
    await flushed(res, reply.body.subarray(at, at + fault.chunk_bytes))
  }
  res.end()
  await finished(res)
}

/** `{"@simulator.padding":"xxxx…",` goes before the rest of the object. */
async function writeHuge(res: ServerResponse, reply: WireReply, bytes: number): Promise<void> {
  const before = Buffer.from('{"@simulator.padding":"')
  const after = Buffer.concat([Buffer.from('",'), reply.body.subarray(1)])
  head(res, reply, before.length + bytes + after.length)
  const over = gone(res)
  res.write(before)
  for (let left = bytes; left > 0 && !res.destroyed; left -= PADDING.length) {
    const room = res.write(PADDING.subarray(0, Math.min(left, PADDING.length)))
    if (!room) await Promise.race([once(res, 'drain'), over])
  }
  res.end(after)
  await finished(res)
}

/** Streams text lines of any number, no faster than they are read. */
export async function writeLines(res: ServerResponse, lines: Iterable<string>): Promise<void> {
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  let chunk = ''
  for (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < PADDING.length) continue
    await flushed(res, Buffer.from(chunk))
    chunk = ''
    if (res.destroyed) return
  }
  res.end(chunk)
  await finished(res)
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.max(1, Math.floor(body.length / 2)))
}

/** Written and handed to the kernel. */
function flushed(res: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed) return resolve()
    const done = (): void => {
      res.off('close', done)
      resolve()
    }
    res.once('close', done)
    res.write(chunk, done)
  })
}

function finished(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (res.writableFinished || res.destroyed) return resolve()
    res.once('finish', resolve)
    res.once('close', resolve)
  })
}

function gone(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed || res.socket?.destroyed) return resolve()
    res.once('close', resolve)
  })
}

/** Sleeps on the simulator's clock, no longer than the connection lives. */
async function pause(clock: SimClock, ms: number, res: ServerResponse, closing: AbortSignal): Promise<void> {
  const over = new AbortController()
  const end = (): void => over.abort()
  res.once('close', end)
  closing.addEventListener('abort', end, { once: true })
  await clock.sleep(ms, over.signal).catch(() => {})
  res.off('close', end)
  closing.removeEventListener('abort', end)
}
