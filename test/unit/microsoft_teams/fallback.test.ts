import { describe, expect, it } from 'vitest'
import type { Partition, Refusal } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { GraphClient, GraphResponse } from '../../../sources/microsoft_teams/client.ts'
import { PermissionMissingError } from '../../../sources/microsoft_teams/errors/permission_missing_error.ts'
import { fallback } from '../../../sources/microsoft_teams/feeds/fallback.ts'

const NOW = Date.UTC(2026, 0, 15)
const FORBIDDEN = { status: 403, graphCode: 'Forbidden', graphMessage: '', request: 'GET', requestId: undefined }
const refusal: Refusal = { code: 'PARLEY_PERMISSION_MISSING', status: 403, message: '', remedy: '' }

/** A tenant that refuses every export, and the channels of all teams but some. */
function tenant(readable: ReadonlySet<string>, rows = ['a', 'b']) {
  const asked: string[] = []
  const get = async (path: readonly string[]): Promise<GraphResponse> => {
    const [, team = '', , channel] = path
    const value = rows.map((name) => ({ id: name === '' ? null : `${team}-${name}` }))
    if (path.length === 3) return { body: { value }, bytes: 1, date: NOW }
    asked.push(`${team} ${channel === 'getAllMessages' ? 'export' : 'channel'}`)
    if (channel !== 'getAllMessages' && readable.has(team)) return { body: { value: [] }, bytes: 1, date: NOW }
    throw new PermissionMissingError(FORBIDDEN, undefined)
  }
  const args = {
    connection: { get, lastDate: NOW } as unknown as GraphClient,
    options: { read_mode: 'auto' },
    session: new Session(),
    signal: new AbortController().signal,
  }
  return { asked, instead: (id: string) => fallback({ id, team_id: id } as Partition, refusal, args) }
}

const TEAMS = Array.from({ length: 30 }, (_, index) => `team ${index}`)

describe('what is read in place of teams that refuse their export', () => {
  it('is not looked for in all of them when twenty were tried in vain', async () => {
    const { asked, instead } = tenant(new Set())
    for (const team of TEAMS) expect(await instead(team)).toBeNull()
    expect(new Set(asked.map((call) => call.split(' ').slice(0, 2).join(' ')))).toEqual(new Set(TEAMS.slice(0, 20)))
  })

  it('is looked for in every team once the channels of one have answered', async () => {
    const { asked, instead } = tenant(new Set(['team 3', 'team 29']))
    const answers = []
    for (const team of TEAMS) answers.push(await instead(team))
    expect(answers.flatMap((answer) => answer?.partitions ?? []).map(({ id }) => id)).toEqual([
      'team 3/team 3-a',
      'team 3/team 3-b',
      'team 29/team 29-a',
      'team 29/team 29-b',
    ])
    expect(asked.filter((call) => call.endsWith('export'))).toHaveLength(TEAMS.length)
  })

  it('are the channels that the list names, and the team is told of where it names not all', async () => {
    const { instead } = tenant(new Set(['team 3']), ['a', ''])
    const answer = await instead('team 3')
    expect(answer?.partitions.map(({ id }) => id)).toEqual(['team 3/team 3-a'])
    expect(answer?.refused).toMatchObject([
      { partition: { id: 'team 3' }, refusal: { code: 'PARLEY_LIST_INCOMPLETE' }, failed: true, partly: true },
    ])
  })

  it('is looked for in every team whose list names no channel: that says nothing of the permission', async () => {
    const { asked, instead } = tenant(new Set(), [''])
    for (const team of TEAMS) expect(await instead(team)).toBeNull()
    expect(asked).toHaveLength(TEAMS.length)
  })

  it('is decided once a session', async () => {
    const { asked, instead } = tenant(new Set(['team 3']))
    const [one, other] = await Promise.all([instead('team 3'), instead('team 3')])
    expect(one).toEqual(other)
    expect(asked).toEqual(['team 3 export', 'team 3 channel'])
  })
})
