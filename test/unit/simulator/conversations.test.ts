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

  const good = JSON.stringify(lines[0])
  const changed = (change: object) => JSON.stringify({ ...lines[0], ...change })
  it.each<[string, string, string]>([
    ['no JSON', 'Dear diary', '3: the line is not JSON'],
    ['half a line', good.slice(0, 30), '3: the line is not JSON'],
    ['a list', '[]', '3: the line is not a JSON object'],
    ['something else', '{"a":1}', '3: conversation must be a text'],
    ['no seq', changed({ seq: undefined }), '3: seq must be a whole number from 0'],
    ['a seq that is none', changed({ seq: 1.5 }), '3: seq must be a whole number from 0'],
    ['no time', changed({ sent_at: 5 }), '3: sent_at must be a time with a zone'],
    ['a day that is none', changed({ sent_at: '2026-02-31T00:00:00Z' }), '3: sent_at must be a time with a zone'],
    ['a time without a zone', changed({ sent_at: '2026-02-01T00:00:00' }), '3: sent_at must be a time with a zone'],
    ['an author that is none', changed({ author: 7 }), '3: author must be a text or null'],
    ['a kind that is none', changed({ kind: 'post' }), '3: kind must be message or system'],
    ['no text', changed({ text: null }), '3: text must be a text'],
    ['an answer to nothing', changed({ reply_to: 'x' }), '3: reply_to must be the seq of an earlier line, or null'],
  ])('refuses %s, with the line and what it should be, without its text', async (_, line, said) => {
    const path = join(folder, 'bad.ndjson')
    writeFileSync(path, `${good}\n\n${line}\n`)
    const error = await readAll(path).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'PARLEY_SIMULATOR_DATA_INVALID',
      kind: 'usage',
      message: expect.stringContaining(`${path}:${said}`),
      remedy: expect.stringContaining('{"conversation":'),
    })
    expect(error.message).not.toContain('diary')
  })

  it('refuses a file without a line', async () => {
    const path = join(folder, 'empty.ndjson')
    writeFileSync(path, '\n')
    await expect(readAll(path)).rejects.toMatchObject({ message: `${path}:1: there is no line.` })
  })

  it('rejects where there is no file, and where gzip is cut off', async () => {
    await expect(readAll(join(folder, 'none.ndjson'))).rejects.toMatchObject({ code: 'ENOENT' })
    const path = join(folder, 'cut.ndjson.gz')
    writeFileSync(path, gzipSync(text).subarray(0, 40))
    await expect(readAll(path)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
  })
})
