import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toArrowSchema } from '../../../libs/schema/arrow_schema.ts'
import { struct, text } from '../../../libs/schema/builders.ts'
import { ipcChunks } from '../../../libs/schema/ipc.ts'
import { pythonOrSkip } from '../../support/python.ts'
import { anyTable } from './arbitraries.ts'
import { plainRows } from './plain_rows.ts'
import { encode } from './support.ts'

async function ipcBytes(...[schema, batches]: Parameters<typeof ipcChunks>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const part of ipcChunks(schema, batches)) chunks.push(...part)
  return Buffer.concat(chunks)
}

/** The declared columns alone: what `_rescued_data` holds has its own tests. */
function declared(row: Record<string, unknown>): Record<string, unknown> {
  const { _rescued_data, ...rest } = row
  return Object.assign(Object.create(null), rest)
}

/** As `read_ipc.py` writes it: 64-bit integers as text. (By hand: JSON.stringify makes 0 of −0.) */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asJson(item)]))
}

describe('what goes in comes out', () => {
  it('through the IPC stream of apache-arrow', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async ({ schema, rows }) => {
        const batch = encode(
          schema,
          rows.map(({ given }) => given),
        )
        const table = tableFromIPC(await ipcBytes(toArrowSchema(schema), [batch]))
        const read = table.batches.flatMap(plainRows).map(declared)
        expect(read).toEqual(rows.map(({ value }) => value))
      }),
      { numRuns: 300 },
    )
  })

  const python = pythonOrSkip()
  describe.skipIf(python === null)('through pyarrow', () => {
    let child: ChildProcessWithoutNullStreams
    let lines: AsyncIterator<string>

    beforeAll(() => {
      child = spawn(python!, [join(import.meta.dirname, 'read_ipc.py')])
      child.stderr.on('data', (text) => process.stderr.write(text))
      lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    })

    afterAll(async () => {
      child.stdin.end()
      await once(child, 'close')
    })

    async function readByPyarrow(
      stream: Buffer,
    ): Promise<{ schema: unknown; comments: string[]; rows: Record<string, unknown>[] }> {
      const header = Buffer.alloc(4)
      header.writeUInt32LE(stream.length)
      child.stdin.write(header)
      child.stdin.write(stream)
      const { value, done } = await lines.next()
      if (done) throw new Error('python ended: see its message above')
      return JSON.parse(value)
    }

    it('gives the same values, fully validated', async () => {
      await fc.assert(
        fc.asyncProperty(anyTable, async ({ schema, rows }) => {
          const given = rows.map((row) => row.given)
          const half = given.length >> 1
          const batches = [encode(schema, given.slice(0, half)), encode(schema, given.slice(half))]
          const read = await readByPyarrow(await ipcBytes(toArrowSchema(schema), batches))
          expect(read.rows.map(declared)).toEqual(rows.map(({ value }) => asJson(value)))
        }),
        { numRuns: 200 },
      )
    })

    it('reads a stream of the schema alone, with nullability and comments', async () => {
      const schema = struct({ id: text().required().describe('The key.'), 'größe "x"': text() })
      const read = await readByPyarrow(await ipcBytes(toArrowSchema(schema, { includeRaw: true }), []))
      expect(read).toEqual({
        schema: [
          ['id', 'string', false],
          ['größe "x"', 'string', true],
          ['_rescued_data', 'string', true],
          ['_raw', 'string', true],
        ],
        comments: ['The key.', '', '', ''],
        rows: [],
      })
    })
  })
})
