import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import type { PermissionCheck } from '../../../libs/connect/source.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { testRuntime } from '../../support/runtime.ts'

let simulator: TeamsSimulator
beforeAll(async () => {
  simulator = await startTeamsSimulator({
    throttle: 'off',
    dataset: { generated: { teams: 8, channelsPerTeam: 1, messagesPerChannel: 1 } },
  })
})
afterAll(() => simulator.close())

/** What `check` answers now. */
async function checked(): Promise<PermissionCheck[]> {
  const options = resolveOptions(
    microsoftTeams.options,
    { ...simulator.connection },
    { scope: 'connection', unknown: 'error' },
  )
  const connection = microsoftTeams.connect(options, testRuntime())
  try {
    return await microsoftTeams.check(connection, options, AbortSignal.timeout(30_000))
  } finally {
    await connection.close()
  }
}

/** What it says of each table: the permission that is missing, or null. */
async function missing(): Promise<Record<string, string | null>> {
  const checks = await checked()
  return Object.fromEntries(checks.map(({ table, granted, permission }) => [table, granted ? null : permission]))
}

async function missingWithout(role: string): Promise<Record<string, string | null>> {
  simulator.mutate.revokeRole(role)
  try {
    return await missing()
  } finally {
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

describe('a team that says no says nothing about the others', () => {
  const teams = () => simulator.truth.teams().map(({ id }) => id)

  it('the first team is refused whole: every permission is there', async () => {
    const [first] = teams()
    simulator.mutate.refuseTeam(first!)
    expect(await missing()).toEqual(granted)
    simulator.mutate.allowTeam(first!)
  })

  it('the export of the first five is refused: the sixth answers', async () => {
    const five = teams().slice(0, 5)
    for (const id of five) simulator.mutate.refuseExport(id)
    expect(await missing()).toEqual(granted)
    for (const id of five) simulator.mutate.allowExport(id)
  })

  it('one channel is refused: the channel of the next team answers', async () => {
    const [team] = simulator.truth.teams()
    simulator.mutate.refuseChannel(team!.id, team!.channels[0]!.id)
    expect(await missing()).toEqual(granted)
    simulator.mutate.allowChannel(team!.id, team!.channels[0]!.id)
  })

  it('all say no: a bounded number is asked, and the message tells how many', async () => {
    simulator.mutate.revokeRole('ChannelMessage.Read.All')
    simulator.resetStats()
    const messages = (await checked()).find(({ table }) => table === 'messages')
    simulator.mutate.grantRole('ChannelMessage.Read.All')
    expect(messages).toMatchObject({ granted: false, code: 'PARLEY_PERMISSION_MISSING' })
    expect(messages!.message).toMatch(/ChannelMessage\.Read\.All.* All 6 teams that were asked say no\.$/)
    expect(simulator.log.filter(({ route }) => route === 'export')).toHaveLength(6)
  })
})
