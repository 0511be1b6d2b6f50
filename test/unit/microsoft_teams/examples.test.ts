import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { addExportPage } from '../../../sources/microsoft_teams/feeds/export_rows.ts'
import { openWindow } from '../../../sources/microsoft_teams/feeds/export_window.ts'
import { WalkMemory } from '../../../sources/microsoft_teams/feeds/walk_memory.ts'
import { channels } from '../../../sources/microsoft_teams/tables/channels.ts'
import { messageReplies } from '../../../sources/microsoft_teams/tables/message_replies.ts'
import { messages } from '../../../sources/microsoft_teams/tables/messages.ts'
import { teams } from '../../../sources/microsoft_teams/tables/teams.ts'
import { sharedOrSkip } from '../../support/shared.ts'

const shared = sharedOrSkip('the published examples of Microsoft Graph')
const folder = shared === undefined ? '' : join(shared, 'reference/examples/microsoft_graph_teams')
const examples = shared === undefined ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'))
const of = (prefix: RegExp) => examples.filter((file) => prefix.test(file))

/** The rows of an example: of a list, of a page with expanded replies, or the one object. */
function rowsOf(file: string): Record<string, unknown>[] {
  const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
  const rows = (Array.isArray(body.value) ? body.value : [body]) as Record<string, unknown>[]
  return rows.flatMap((row) => [row, ...((row.replies ?? []) as Record<string, unknown>[])])
}

function encode(table: TableDefinition, rows: Record<string, unknown>[], added: Record<string, string>) {
  const encoders = new PageEncoders([table], { tables: new Set([table.name]), options: {} })
  for (const row of rows) encoders.add(table.name, row, added)
  return encoders.page()
}

describe.skipIf(shared === undefined)('every published example goes through the mapper', () => {
  it.each(of(/^chatMessage\./))('%s', (file) => {
    const rows = rowsOf(file)
    const encoders = new PageEncoders([messages, messageReplies], {
      tables: new Set(['messages', 'message_replies']),
      options: {},
    })
    const window = openWindow(1, Date.UTC(2100, 0))
    addExportPage(rows, window, { id: 't', team_id: 't' }, encoders, new WalkMemory())
    const page = encoders.page()
    const taken = [...page.rows.values()].flat().flatMap((batch) => batch.toArray())
    // Rows of chats have no channel: they are kept aside, not lost. All others arrive, each of them whole.
    const ofChannels = rows.filter((row) => row.channelIdentity !== null && row.channelIdentity !== undefined)
    expect(new Set(taken.map((row) => row.id))).toEqual(new Set(ofChannels.map((row) => row.id)))
    expect(page.rejected?.map(({ code }) => code)).toEqual(rows.slice(ofChannels.length).map(() => 'key_missing'))
    const times = /"createdDateTime": ?"[^"]*[^Z"]"|\d{2} \d{2}:/.test(readFileSync(join(folder, file), 'utf8'))
    if (!times) expect(page.rescued?.size).toBe(0)
  })

  it.each(of(/^channel\./))('%s', (file) => {
    const page = encode(channels, rowsOf(file), { team_id: 't' })
    expect(page.rejected).toEqual([])
    expect(page.rescued?.size).toBe(0)
    expect(page.rows.get('channels')?.[0]?.numRows).toBe(rowsOf(file).length)
  })

  it.each(of(/^team\./))('%s', (file) => {
    const rows = rowsOf(file).map((row) => ({ ...row, id: row.id ?? 'of the request' }))
    const page = encode(teams, rows, {})
    expect(page.rejected).toEqual([])
    expect(page.rescued?.size).toBe(0)
    expect(page.rows.get('teams')?.[0]?.numRows).toBe(rows.length)
  })
})
