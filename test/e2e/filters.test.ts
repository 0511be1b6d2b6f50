import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelMemberLines, memberLines } from '../support/member_truth.ts'
import { query } from '../support/query.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({
    dataset: { generated: { teams: 2, channelsPerTeam: 6, messagesPerChannel: 12, days: 30 } },
  })
})
afterEach(() => tenant.close())

async function syncWith(options: Record<string, unknown>, tables: string[]) {
  tenant.writeSpec(specText(options, tables))
  tenant.later()
  const ended = await tenant.sync()
  expect(ended.code, ended.stderr).toBe(0)
  return ended.result
}

const held = <T = { id: string }>(columns: string, table: string) =>
  query<T>(tenant.database, `SELECT DISTINCT ${columns} FROM microsoft_teams.${table} ORDER BY ALL`)
const teamIds = () => tenant.simulator.truth.teams().map(({ id }) => ({ team_id: id }))
const SNAPSHOTS = ['teams', 'channels', 'members', 'channel_members']

describe('team_filter', () => {
  it('reads the teams that Graph lets through, of every table; the others keep what they have', async () => {
    const [, second] = tenant.simulator.truth.teams()
    await syncWith({ team_filter: "displayName eq 'Team 2'" }, [...SNAPSHOTS, 'messages'])
    expect(await held('id', 'teams')).toEqual([{ id: second!.id }])
    for (const table of ['channels', 'members', 'channel_members', 'messages'])
      expect(await held('team_id', table), table).toEqual([{ team_id: second!.id }])
    await syncWith({}, SNAPSHOTS)
    await syncWith({ team_filter: "startswith(displayName,'Team 1')" }, SNAPSHOTS)
    for (const table of ['channels', 'members', 'channel_members'])
      expect(await held('team_id', table), table).toEqual(teamIds().sort(byTeam))
    expect(await query(tenant.database, `SELECT DISTINCT state FROM parley.coverage`)).toEqual([{ state: 'ok' }])
  })
})

describe('channel_filter', () => {
  const PRIVATE = { channel_filter: "membershipType eq 'private'" }
  const privateChannels = () =>
    tenant.simulator.truth
      .teams()
      .flatMap(({ channels }) => channels)
      .filter(({ membershipType }) => membershipType === 'private')
      .map(({ id }) => id)
      .sort()

  it('reads the channels that Graph lets through, their members and their messages', async () => {
    const tables = ['channels', 'channel_members', 'messages', 'message_replies']
    await syncWith(PRIVATE, tables)
    expect((await held('id', 'channels')).map(({ id }) => id)).toEqual(privateChannels())
    for (const table of tables.slice(1)) {
      const rows = await held<{ channel_id: string }>('channel_id', table)
      expect(
        rows.map(({ channel_id }) => channel_id),
        table,
      ).toEqual(privateChannels())
    }
  })

  it('of a team that refused them once leaves no line behind', async () => {
    const [team] = tenant.simulator.truth.teams()
    const tables = ['channel_members', 'messages']
    tenant.simulator.mutate.refuseTeam(team!.id)
    tenant.writeSpec(specText(PRIVATE, tables))
    expect((await tenant.sync()).code).toBe(4)
    tenant.simulator.mutate.allowTeam(team!.id)
    await syncWith(PRIVATE, tables)
    const states = await query(tenant.database, 'SELECT DISTINCT state FROM parley.coverage')
    expect(states).toEqual([{ state: 'ok' }])
  })

  it('of a team that refused them once, after it was read whole, leaves its own line alone', async () => {
    const [team] = tenant.simulator.truth.teams()
    const line = `partition = '${team!.id}' AS whole, state, code`
    const states = () => query(tenant.database, `SELECT DISTINCT ${line} FROM parley.coverage ORDER BY ALL`)
    await syncWith({}, ['messages'])
    tenant.simulator.mutate.refuseTeam(team!.id)
    tenant.writeSpec(specText(PRIVATE, ['messages']))
    expect((await tenant.sync()).code).toBe(4)
    expect(await states()).toEqual([
      { whole: false, state: 'ok', code: null },
      { whole: false, state: 'refused', code: 'PARLEY_PERMISSION_MISSING' },
      { whole: true, state: 'ok', code: null },
    ])
    tenant.simulator.mutate.allowTeam(team!.id)
    await syncWith(PRIVATE, ['messages'])
    expect(await query(tenant.database, 'SELECT DISTINCT state FROM parley.coverage')).toEqual([{ state: 'ok' }])
  })

  it('does not take what the filter leaves out for deleted, nor move the cursor of the whole list', async () => {
    await syncWith({}, ['channels', 'channel_members'])
    const whole = await held('id', 'channels')
    expect(changedRows(await syncWith(PRIVATE, ['channels', 'channel_members']))).toBe(0)
    expect(await held('id', 'channels')).toEqual(whole)
    const [team] = tenant.simulator.truth.teams()
    tenant.simulator.mutate.removeChannel(team!.id, privateChannels()[0]!)
    await syncWith({}, ['channels'])
    expect((await held('id', 'channels')).length).toBe(whole.length - 1)
  })
})

describe('member_filter', () => {
  it('reads the members that Graph lets through; the whole list has the last word on them', async () => {
    const [first] = tenant.simulator.truth.members()
    const { id, userId } = first!.json as { id: string; userId: string }
    const one = { member_filter: `(microsoft.graph.aadUserConversationMember/userId eq '${userId}')` }
    await syncWith(one, ['members', 'channel_members'])
    expect(await held('userId', 'members')).toEqual([{ userId }])
    expect(await held('userId', 'channel_members')).toEqual([{ userId }])
    tenant.simulator.mutate.removeMember({ team_id: first!.team_id, user_id: userId })
    // The member is gone, or no longer fits the filter: the filtered list cannot tell.
    expect(changedRows(await syncWith(one, ['members', 'channel_members']))).toBe(0)
    expect(await held('id', 'members')).toContainEqual({ id })
    await syncWith({}, ['members', 'channel_members'])
    for (const lines of [
      await memberLines(tenant.database, tenant.simulator),
      await channelMemberLines(tenant.database, tenant.simulator),
    ])
      expect(lines.held).toEqual(lines.truth)
  })
})

describe('a filter that Graph does not take', () => {
  it.each([
    ['team_filter', 'teams'],
    ['channel_filter', 'channels'],
    ['channel_filter', 'channel_members'],
    ['member_filter', 'members'],
    ['member_filter', 'channel_members'],
  ])('%s of %s: exit 2, with the option and what Graph says', async (option, table) => {
    tenant.writeSpec(specText({ [option]: "displayname like '%Sales%'" }, [table]))
    const { code, stdout, stderr } = await tenant.sync()
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('PARLEY_FILTER_REJECTED')
    expect(stderr).toContain(option)
    expect(stdout + stderr).toContain('Invalid filter clause')
  })
})

const byTeam = (a: { team_id: string }, b: { team_id: string }) => (a.team_id < b.team_id ? -1 : 1)
