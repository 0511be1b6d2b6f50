import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { type ConversationRow, readConversations } from '../../../libs/simulator/conversations.ts'

const folder = mkdtempSync(join(tmpdir(), 'conversations-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lines = [
  {
    conversation: 'a',
    seq: 0,
    sent_at: '2026-01-01T00:00:00.250Z',
    author: 'x',
    kind: 'message',
    text: 'one',
    reply_to: null,
  },
  {
    conversation: 'a',
    seq: 1,
    sent_at: '2026-01-01T00:00:01.000Z',
    author: 'y',
    kind: 'message',
    text: 'two',
    reply_to: 0,
  },
]
const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n`

async function readAll(path: string): Promise<ConversationRow[]> {
  const rows: ConversationRow[] = []
  for await (const row of readConversations(path)) rows.push(row)
  return rows
}

describe('readConversations', () => {
  it.each([
    ['plain.ndjson', Buffer.from(text)],
    ['packed.ndjson.gz', gzipSync(text)],
  ])('reads %s', async (name, bytes) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    const rows = await readAll(path)
    expect(rows.map((row) => [row.text, row.sent_at, row.reply_to])).toEqual([
      ['one', Date.UTC(2026, 0, 1) + 250, null],
      ['two', Date.UTC(2026, 0, 1) + 1000, 0],
    ])
  })

  it('rejects where there is no file, and where gzip is cut off', async () => {
    await expect(readAll(join(folder, 'none.ndjson'))).rejects.toMatchObject({ code: 'ENOENT' })
    const path = join(folder, 'cut.ndjson.gz')
    writeFileSync(path, gzipSync(text).subarray(0, 40))
    await expect(readAll(path)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
  })
})
