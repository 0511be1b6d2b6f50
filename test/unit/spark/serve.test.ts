import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { defineFeed } from '../../../libs/connect/feed.ts'
import { defineSource } from '../../../libs/connect/source.ts'
import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text as words } from '../../../libs/schema/index.ts'
import { serve } from '../../../pipeline/spark/child/serve.ts'

it('stops what still asks the service when the answer has failed, so that the process ends', async () => {
  let signal: AbortSignal | undefined
  const rooms = defineTable({
    name: 'rooms',
    description: 'Rooms.',
    primaryKeys: ['room'],
    ingestionType: 'snapshot',
    schema: struct({ room: words().required() }),
  })
  const feed = defineFeed({
    name: 'rooms',
    tables: ['rooms'],
    kind: 'snapshot',
    cursorVersion: 1,
    until: async () => 1,
    async discover(args) {
      signal = args.signal
      throw new Error('One of many lists failed.')
    },
    look: async () => ({ state: 'present' }),
    cursorAt: () => ({ v: 1 }),
    async *read() {},
  })
  const connect = () => ({ async close() {} })
  const source = defineSource({
    name: 'rooms',
    displayName: 'Rooms',
    account: () => 'test',
    options: {},
    tables: [rooms],
    feeds: [feed],
    connect,
  } as never)
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.write(`${JSON.stringify({ v: 1, options: {}, op: 'plan', table: 'rooms' })}\n`)
  const said = text(stderr)
  const code = await serve(source, { stdin, stdout, stderr, abandon: () => {} })
  stderr.end()
  expect(code).toBe(1)
  expect(await said).toContain('One of many lists failed.')
  expect(signal?.aborted).toBe(true)
})
