import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { RecordBatchReader, tableFromIPC } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { toArrowSchema } from '../../../libs/schema/arrow_schema.ts'
import { int32, list, struct, text } from '../../../libs/schema/builders.ts'
import { ipcStream } from '../../../libs/schema/ipc.ts'
import { schemasEqual } from '../../../libs/schema/schemas_equal.ts'
import { plainRows } from './plain_rows.ts'
import { encode } from './support.ts'

const pair = struct({ id: text().required(), n: int32() })
const schema = toArrowSchema(pair)
const batchOf = (...ids: string[]) =>
  encode(
    pair,
    ids.map((id) => ({ id, n: id.length })),
  )
const large = () => batchOf(...Array.from({ length: 40 }, (_, i) => `${i}`.repeat(20_000)))

/** Collects what is written, taking each chunk as slowly as asked. */
function collector(take: () => Promise<unknown> | undefined = () => undefined): { out: Writable; bytes: () => Buffer } {
  const chunks: Buffer[] = []
  const out = new Writable({
    highWaterMark: 1024,
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      const taken = take()
      if (taken === undefined) done()
      else taken.then(() => done())
    },
  })
  return { out, bytes: () => Buffer.concat(chunks) }
}

describe('ipcStream', () => {
  it('writes batches and leaves the stream open', async () => {
    const { out, bytes } = collector()
    const written = await ipcStream(schema, [batchOf('a', 'bb'), batchOf(), batchOf('c')], out)
    expect(bytes().length).toBe(written)
    expect(
      tableFromIPC(bytes())
        .batches.flatMap(plainRows)
        .map((row) => row.id),
    ).toEqual(['a', 'bb', 'c'])
    expect(out.writable).toBe(true)
    expect([out.listenerCount('error'), out.listenerCount('close')]).toEqual([0, 0])
  })

  it('writes a valid stream without batches', async () => {
    const { out, bytes } = collector()
    await ipcStream(schema, [], out)
    const table = tableFromIPC(bytes())
    expect(table.numRows).toBe(0)
    expect(schemasEqual(table.schema, schema)).toBe(true)
  })

  it('does not ask for the next batch before the reader has taken the last', async () => {
    const { promise: readerReady, resolve: letReaderGo } = Promise.withResolvers<void>()
    const { out } = collector(() => readerReady)
    let asked = 0
    function* batches() {
      for (; asked < 5; asked++) yield large()
    }
    const done = ipcStream(schema, batches(), out)
    for (let i = 0; i < 50; i++) await new Promise(setImmediate)
    expect(asked).toBe(0)
    letReaderGo()
    await done
    expect(asked).toBe(5)
  })

  it('gives the reader each batch as it is written', async () => {
    const out = new PassThrough()
    const { promise: secondWanted, resolve: wantSecond } = Promise.withResolvers<void>()
    async function* batches() {
      yield batchOf('a')
      await secondWanted
      yield batchOf('b')
    }
    const done = ipcStream(schema, batches(), out).then(() => out.end())
    const reader = await RecordBatchReader.from(out)
    const ids: unknown[] = []
    for await (const batch of reader) {
      ids.push(plainRows(batch)[0]!.id)
      wantSecond()
    }
    await done
    expect(ids).toEqual(['a', 'b'])
  })

  it('raises where a batch has another schema, instead of losing it', async () => {
    for (const other of [
      struct({ id: text(), n: int32() }),
      struct({ n: int32(), id: text().required() }),
      struct({ id: text().required(), n: list(int32()) }),
    ]) {
      const { out } = collector()
      await expect(ipcStream(schema, [batchOf('a'), encode(other, [{ id: 'x' }])], out)).rejects.toMatchObject({
        code: 'PARLEY_SCHEMA_MISMATCH',
      })
    }
  })

  it('raises when a real pipe loses its reader, and asks for no more batches', async () => {
    const child = spawn('head', ['-c', '10'], { stdio: ['pipe', 'ignore', 'inherit'] })
    let asked = 0
    let closed = false
    function* batches() {
      try {
        for (; asked < 1000; asked++) yield large()
      } finally {
        closed = true
      }
    }
    await expect(ipcStream(schema, batches(), child.stdin)).rejects.toMatchObject({ code: 'PARLEY_READER_GONE' })
    expect(asked).toBeLessThan(1000)
    expect(closed).toBe(true)
    if (child.exitCode === null) await once(child, 'exit')
  })

  it('raises at once on a stream that is closed already', async () => {
    const { out } = collector()
    out.destroy()
    await expect(ipcStream(schema, [batchOf('a')], out)).rejects.toMatchObject({ code: 'PARLEY_READER_GONE' })
  })

  it('passes other errors of the stream on', async () => {
    const out = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('disk full'), { code: 'ENOSPC' })),
    })
    await expect(ipcStream(schema, [batchOf('a')], out)).rejects.toThrow('disk full')
  })
})

describe('schemasEqual', () => {
  it('sees names, types, nullability and order, at every depth', () => {
    const of = (type: Parameters<typeof toArrowSchema>[0]) => toArrowSchema(type)
    const base = struct({ id: text().required(), s: list(struct({ a: text(), b: int32() })) })
    expect(
      schemasEqual(
        of(base),
        of(struct({ id: text().required().describe('x'), s: list(struct({ a: text(), b: int32() })) })),
      ),
    ).toBe(true)
    for (const other of [
      struct({ id: text(), s: list(struct({ a: text(), b: int32() })) }),
      struct({ id: text().required(), s: list(struct({ b: int32(), a: text() })) }),
      struct({ id: text().required(), s: list(struct({ a: text(), c: int32() })) }),
      struct({ s: list(struct({ a: text(), b: int32() })), id: text().required() }),
      struct({ id: text().required() }),
    ]) {
      expect(schemasEqual(of(base), of(other))).toBe(false)
    }
    expect(schemasEqual(of(base), toArrowSchema(base, { includeRaw: true }))).toBe(false)
  })
})
