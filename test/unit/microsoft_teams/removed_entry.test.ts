import { expect, it } from 'vitest'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { UNSEEN_ORDER } from '../../../sources/microsoft_teams/feeds/channel_cursor.ts'
import { RowSet } from '../../../sources/microsoft_teams/feeds/row_set.ts'
import { ThreadRows } from '../../../sources/microsoft_teams/feeds/thread_rows.ts'
import { messages } from '../../../sources/microsoft_teams/tables/messages.ts'

it('an entry that says no more than that a message was removed is no row: it is kept aside', () => {
  const encoders = new PageEncoders([messages], { tables: new Set(['messages']), options: {} })
  const rows = new ThreadRows({ id: 't/c', team_id: 't', channel_id: 'c' }, encoders, Infinity, new RowSet())
  const there = { id: '1', messageType: 'message', lastModifiedDateTime: '2026-01-14T10:00:00Z' }
  rows.addPage([there, { id: '2', '@removed': { reason: 'deleted' } }], UNSEEN_ORDER)
  const page = encoders.page()
  expect([...page.rows.get('messages')![0]!.getChild('id')!]).toEqual(['1'])
  expect(page.rejected).toMatchObject([{ table: 'messages', code: 'PARLEY_ROW_REMOVED' }])
})
