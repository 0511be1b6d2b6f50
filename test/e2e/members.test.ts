import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelMemberLines, memberLines } from '../support/member_truth.ts'
import { query } from '../support/query.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({
    dataset: { generated: { teams: 2, channelsPerTeam: 6, messagesPerChannel: 12, days: 30 } },
  })
  tenant.writeSpec(specText({}, ['members', 'channel_members']))
})
afterEach(() => tenant.close())

async function syncedWhole() {
  tenant.later()
  const ended = await tenant.sync()
  expect(ended.code, ended.stderr).toBe(0)
  const [team, channel] = [
    await memberLines(tenant.database, tenant.simulator),
    await channelMemberLines(tenant.database, tenant.simulator),
  ]
  expect(team.held.length).toBeGreaterThan(0)
  expect(team.held).toEqual(team.truth)
  expect(channel.held.length).toBeGreaterThan(0)
  expect(channel.held).toEqual(channel.truth)
  return ended.result
}

/** The private channel of the first team. */
function privateChannel() {
  const team = tenant.simulator.truth.teams()[0]!
  const channel = team.channels.find(({ membershipType }) => membershipType === 'private')!
  return { team_id: team.id, channel_id: channel.id }
}

const coverageOf = (partition: string) =>
  query(tenant.database, `SELECT job, state, code FROM parley.coverage WHERE "partition" = '${partition}' ORDER BY ALL`)

describe('members of teams and channels', () => {
  it('equal the tenant, also after some have come, gone and changed; a quiet sync changes nothing', async () => {
    const { mutate } = tenant.simulator
    await syncedWhole()
    const place = privateChannel()
    const joined = mutate.addMember({ team_id: place.team_id, displayName: 'Ada' })
    mutate.addMember({ team_id: place.team_id, user_id: joined.user_id, role: 'owner' })
    mutate.addMember({ ...place, displayName: 'Grace', role: 'guest' })
    mutate.removeMember({ team_id: tenant.simulator.truth.teams()[1]!.id })
    mutate.removeMember(place)
    expect(changedRows(await syncedWhole())).toBeGreaterThan(0)
    expect(changedRows(await syncedWhole())).toBe(0)
  })

  it('of a channel that its list does not name: the run says so, reads the others, and has it next time', async () => {
    const nameless = { route: 'channels', count: 1, fault: { kind: 'hostile_row' as const, row: 2, set: { id: null } } }
    const [team] = tenant.simulator.truth.teams()
    const rule = { ...nameless, path: `**/${team!.id}/**` }
    const channelMembersOf = (result: { tables: { table: string; partitions: object }[] }) =>
      result.tables.find(({ table }) => table === 'channel_members')!.partitions
    tenant.simulator.setFaults({ rules: [rule] })
    const first = await tenant.sync()
    expect(first.code, first.stderr).toBe(4)
    expect(first.result.errors).toMatchObject([
      { partition: team!.id, code: 'PARLEY_LIST_INCOMPLETE', tables: ['microsoft_teams.channel_members'] },
    ])
    expect(channelMembersOf(first.result)).toEqual({ total: 12, done: 11, failed: 1, refused: 0 })
    const line = { job: 'microsoft_teams.channel_members', state: 'behind', code: 'PARLEY_LIST_INCOMPLETE' }
    expect(await coverageOf(team!.id)).toContainEqual(line)
    await syncedWhole()
    expect(await coverageOf(team!.id)).toEqual([{ job: 'microsoft_teams.members', state: 'ok', code: null }])
    // A channel that an earlier run knew is asked for itself. The team stays named while its list is not whole.
    for (let run = 0; run < 2; run++) {
      tenant.simulator.setFaults({ rules: [rule] })
      tenant.simulator.mutate.addMember({ team_id: team!.id })
      tenant.later()
      const again = await tenant.sync()
      expect(again.code, again.stderr).toBe(4)
      expect(channelMembersOf(again.result)).toEqual({ total: 13, done: 12, failed: 1, refused: 0 })
      expect(await coverageOf(team!.id)).toContainEqual(line)
      const held = await channelMemberLines(tenant.database, tenant.simulator)
      expect(held.held).toEqual(held.truth)
    }
    await syncedWhole()
  })

  it('of a private channel that answers 403 stay, the rest is applied, and they catch up later', async () => {
    const { mutate } = tenant.simulator
    await syncedWhole()
    const place = privateChannel()
    const id = `${place.team_id}/${place.channel_id}`
    const before = await channelMemberLines(tenant.database, tenant.simulator)
    const inPlace = (lines: string[]) => lines.filter((line) => line.includes(place.channel_id))
    mutate.refuseChannel(place.team_id, place.channel_id)
    mutate.removeMember(place)
    mutate.addMember({ team_id: place.team_id, displayName: 'Ada' })
    tenant.later()
    const refused = await tenant.sync()
    expect(refused.code, refused.stderr).toBe(4)
    expect(await coverageOf(id)).toEqual([
      { job: expect.stringContaining('channel_members'), state: 'refused', code: 'PARLEY_PERMISSION_MISSING' },
    ])
    const after = await channelMemberLines(tenant.database, tenant.simulator)
    expect(inPlace(after.held)).toEqual(inPlace(before.held))
    expect(after.held.filter((line) => !line.includes(place.channel_id))).toEqual(
      after.truth.filter((line) => !line.includes(place.channel_id)),
    )
    mutate.allowChannel(place.team_id, place.channel_id)
    await syncedWhole()
  })

  it('of a channel that was deleted go after two looks', async () => {
    await syncedWhole()
    const { team_id, channel_id } = privateChannel()
    const rows = () =>
      query(tenant.database, `SELECT id FROM microsoft_teams.channel_members WHERE channel_id = '${channel_id}'`)
    tenant.simulator.mutate.removeChannel(team_id, channel_id)
    tenant.later()
    expect((await tenant.sync()).code).toBe(4)
    expect(await rows()).not.toHaveLength(0)
    await syncedWhole()
    expect(await rows()).toHaveLength(0)
    expect(await coverageOf(`${team_id}/${channel_id}`)).toMatchObject([{ state: 'gone' }])
  })

  it('of a team that refuses stay without a request for each of its channels, and catch up later', async () => {
    await syncedWhole()
    const { id } = tenant.simulator.truth.teams()[0]!
    tenant.simulator.mutate.refuseTeam(id)
    tenant.later()
    const refused = await tenant.sync()
    expect(refused.code, refused.stderr).toBe(4)
    expect(await coverageOf(id)).toMatchObject([{ state: 'refused' }, { state: 'refused' }])
    expect(refused.result.errors.filter(({ partition }) => partition?.startsWith(`${id}/`))).toEqual([])
    const { held, truth } = await channelMemberLines(tenant.database, tenant.simulator)
    expect(held).toEqual(truth)
    tenant.simulator.mutate.allowTeam(id)
    await syncedWhole()
    // The line that stood for the channels is history.
    expect(await coverageOf(id)).toMatchObject([{ state: 'ok' }])
  })

  it('with empty pages between and with page tokens that end', async () => {
    tenant.simulator.setFaults({
      rules: [
        { route: 'team_members', nth: [1, 3], fault: { kind: 'empty_page' } },
        { route: 'channel_members', every: 5, fault: { kind: 'empty_page' } },
        { id: 'lost', route: 'channel_members', query: 'skiptoken', nth: 1, fault: { kind: 'status', status: 400 } },
      ],
    })
    await syncedWhole()
    expect(tenant.simulator.stats().faults).toEqual({ empty_page: expect.any(Number), lost: 1 })
  })
})
