import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeBody } from '../../../libs/http/body.ts'

const limits = (maxBytes = 1 << 24) => ({
  maxBytes,
  request: 'GET /pages',
  signal: new AbortController().signal,
  memory: undefined,
})
/** Random bytes do not shrink: the larger ones are decoded by another thread, the smaller ones by this one. */
const BODIES = [
  ['small', randomBytes(1_000)],
  ['large', randomBytes(100_000)],
] as const

describe.each([
  ['gzip', 'gzip', gzipSync],
  ['x-gzip', 'x-gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without its wrapper', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
] as const)('a body in %s', (_, encoding, compress) => {
  it.each(BODIES)('%s, is what was sent', async (_, body) => {
    expect(body.equals(await decodeBody(compress(body), encoding, limits()))).toBe(true)
  })

  it.each(BODIES)('%s, does not grow beyond the limit', async (_, body) => {
    const decoded = decodeBody(compress(body), encoding, limits(999))
    await expect(decoded).rejects.toMatchObject({ code: 'PARLEY_RESPONSE_TOO_LARGE' })
  })

  it.each(BODIES)('%s, that breaks off is malformed', async (_, body) => {
    const sent = compress(body)
    const decoded = decodeBody(sent.subarray(0, sent.length / 2), encoding, limits())
    await expect(decoded).rejects.toMatchObject({ code: 'PARLEY_MALFORMED_RESPONSE' })
  })
})
