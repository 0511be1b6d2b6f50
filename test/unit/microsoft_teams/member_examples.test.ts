import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import { channelMembers } from '../../../sources/microsoft_teams/tables/channel_members.ts'
import { members } from '../../../sources/microsoft_teams/tables/members.ts'
import { sharedOrSkip } from '../../support/shared.ts'

const shared = sharedOrSkip('the published examples of member lists')
const folder = shared === undefined ? '' : join(shared, 'reference/examples/microsoft_graph_teams')
const lists =
  shared === undefined ? [] : readdirSync(folder).filter((file) => /\.list_(team|channel)_members/.test(file))

describe.skipIf(shared === undefined)('every published list of members goes through the mapper', () => {
  it.each(lists)('%s', (file) => {
    const { value: rows } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { value: Record<string, unknown>[] }
    const [table, place] = file.includes('channel_members')
      ? [channelMembers, { team_id: 't', channel_id: 'c' }]
      : [members, { team_id: 't' }]
    const encoders = new PageEncoders([table], { tables: new Set([table.name]), options: {} })
    for (const row of rows) encoders.add(table.name, row, place)
    const page = encoders.page()
    expect([page.rejected, page.rescued?.size]).toEqual([[], 0])
    const taken = page.rows.get(table.name)?.[0]?.toArray() ?? []
    expect(taken.map(({ id, userId, email, roles }) => [id, userId, email, [...roles]])).toEqual(
      rows.map(({ id, userId, email, roles }) => [id, userId, email, roles]),
    )
  })
})
