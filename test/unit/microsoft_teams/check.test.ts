import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { testRuntime } from '../../support/runtime.ts'

let simulator: TeamsSimulator
beforeAll(async () => {
  simulator = await startTeamsSimulator({
    throttle: 'off',
    dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 1 } },
  })
})
afterAll(() => simulator.close())

/** What `check` says of each table while the app lacks a role: the permission that is missing, or null. */
async function missingWithout(role: string): Promise<Record<string, string | null>> {
  const options = resolveOptions(
    microsoftTeams.options,
    { ...simulator.connection },
    { scope: 'connection', unknown: 'error' },
  )
  simulator.mutate.revokeRole(role)
  const connection = microsoftTeams.connect(options, testRuntime())
  try {
    const checks = await microsoftTeams.check(connection, options, AbortSignal.timeout(30_000))
    return Object.fromEntries(checks.map(({ table, granted, permission }) => [table, granted ? null : permission]))
  } finally {
    await connection.close()
    simulator.mutate.grantRole(role)
  }
}

const granted = {
  teams: null,
  channels: null,
  members: null,
  channel_members: null,
  messages: null,
  message_replies: null,
}

describe('check names the permission that each table lacks', () => {
  it('in the order of the tables', async () => {
    expect(Object.keys(await missingWithout('Calendars.Read'))).toEqual(microsoftTeams.tables.map(({ name }) => name))
  })

  it.each([
    ['Calendars.Read', {}],
    ['TeamMember.Read.All', { members: 'TeamMember.Read.All' }],
    ['ChannelMember.Read.All', { channel_members: 'ChannelMember.Read.All' }],
    ['Channel.ReadBasic.All', { channels: 'Channel.ReadBasic.All', channel_members: 'Channel.ReadBasic.All' }],
    ['ChannelMessage.Read.All', { messages: 'ChannelMessage.Read.All', message_replies: 'ChannelMessage.Read.All' }],
  ])('without %s', async (role, missing) => {
    expect(await missingWithout(role)).toEqual({ ...granted, ...missing })
  })
})
