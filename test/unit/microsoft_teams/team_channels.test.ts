import { describe, expect, it } from 'vitest'
import type { Partition } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import { SourceUnavailableError } from '../../../libs/http/source_unavailable_error.ts'
import type { GraphApi, GraphResponse } from '../../../sources/microsoft_teams/client.ts'
import { channelsOfTeams } from '../../../sources/microsoft_teams/feeds/team_channels.ts'

const teams: Partition[] = Array.from({ length: 2_000 }, (_, at) => ({ id: `t${at}`, team_id: `t${at}` }))

/** Lists channels; `fails` says what a request for a team's gets instead, by how many there were before it. */
class Lists implements GraphApi {
  asked = 0
  readonly lastDate = undefined
  readonly #fails: (team: string, asked: number) => boolean

  constructor(fails: (team: string, asked: number) => boolean) {
    this.#fails = fails
  }

  async get([, team]: readonly string[]): Promise<GraphResponse> {
    const asked = this.asked++
    await new Promise(setImmediate)
    if (this.#fails(team!, asked)) throw new SourceUnavailableError('GET /channels', 8, 60, 'reset')
    return { body: { value: [{ id: `c-${team}` }] }, bytes: 1, date: 0 }
  }

  async follow(): Promise<GraphResponse> {
    throw new Error('one page each')
  }

  canFollow(): boolean {
    return true
  }

  async close(): Promise<void> {}
}

function list(api: Lists, of = teams) {
  const signal = new AbortController().signal
  return channelsOfTeams(of, { connection: api, session: new Session(), options: {}, signal } as never)
}

describe('the channels of many teams', () => {
  it('ends soon when the service goes away in the middle', async () => {
    const api = new Lists((_, asked) => asked >= 300)
    await expect(list(api)).rejects.toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
    // Those on their way when it went, and the look at a team that had answered.
    expect(api.asked).toBeLessThan(300 + 50)
    const { asked } = api
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(api.asked - asked, 'nothing goes on behind the error').toBeLessThan(16)
  })

  it('ends soon when it was never there', async () => {
    const api = new Lists(() => true)
    await expect(list(api)).rejects.toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
    expect(api.asked).toBeLessThan(50)
  })

  it('sets teams apart that fail for themselves, however many one after the other', async () => {
    const broken = new Set(teams.slice(100, 140).map(({ id }) => id))
    const { listed, refused } = await list(new Lists((team) => broken.has(team)))
    expect(listed).toHaveLength(1_960)
    expect(refused.map(({ partition, failed }) => [partition.id, failed])).toEqual([...broken].map((id) => [id, true]))
  })
})
