import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { compareIds, timeOfId } from '../../../sources/discord/simulator/snowflake.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

const generated = { guilds: 2, channelsPerGuild: 8, messagesPerChannel: 40 }

let simulator: DiscordSimulator
let client: DiscordClient
let guild_id: string
let channel_id: string

beforeEach(() => start())
afterEach(() => simulator.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<void> {
  simulator = await startDiscordSimulator({
    clock: virtualClock(),
    throttle: 'off',
    dataset: { generated },
    ...options,
  })
  client = discordClient(simulator)
  guild_id = [...simulator.truth.guilds()][0]!.id
  channel_id = [...simulator.truth.channels()].find(({ json }) => json.name === 'general')!.id
}

async function mutate(change: object): Promise<{ status: number; body: JsonObject[] }> {
  const answer = await fetch(`${simulator.origin}/_simulator/mutate`, { method: 'POST', body: JSON.stringify(change) })
  return { status: answer.status, body: (await answer.json()) as JsonObject[] }
}

describe('changes', () => {
  it('every kind has a JSON form that tells what it touched', async () => {
    const { id } = simulator.mutate.send({ channel_id })
    const forum = [...simulator.truth.channels()].find(({ json }) => json.type === 15)!.id
    const kinds = [
      { kind: 'send', channel_id },
      { kind: 'reply', channel_id, id },
      { kind: 'edit', channel_id, id },
      { kind: 'unfurl', channel_id, id },
      { kind: 'pin', channel_id, id },
      { kind: 'unpin', channel_id, id },
      { kind: 'add_reaction', channel_id, id, emoji: '👍' },
      { kind: 'swap_reaction', channel_id, id },
      { kind: 'remove_reaction', channel_id, id },
      { kind: 'delete', channel_id, id },
      { kind: 'bulk_delete', channel_id, count: 2 },
      { kind: 'new_channel', guild_id, name: 'aft' },
      { kind: 'rename_channel', channel_id, name: 'renamed' },
      { kind: 'hide_channel', channel_id },
      { kind: 'show_channel', channel_id },
      { kind: 'deny_history', channel_id },
      { kind: 'allow_history', channel_id },
      { kind: 'deny', channel_id, permission: 'MANAGE_THREADS' },
      { kind: 'allow', channel_id, permission: 'MANAGE_THREADS' },
      { kind: 'new_thread', channel_id: forum },
      { kind: 'join_thread', guild_id },
      { kind: 'leave_thread', guild_id },
      { kind: 'archive', guild_id },
      { kind: 'unarchive', guild_id },
      { kind: 'lock', guild_id },
      { kind: 'unlock', guild_id },
      { kind: 'delete_thread', guild_id },
      { kind: 'delete_channel', channel_id },
      { kind: 'new_guild', name: 'Third' },
      { kind: 'member_join', guild_id },
      { kind: 'member_nick', guild_id },
      { kind: 'member_role', guild_id },
      { kind: 'member_leave', guild_id, user_id: [...simulator.truth.members()][9]!.id },
      { kind: 'member_timeout', guild_id, ms: 0 },
      { kind: 'new_role', guild_id },
      { kind: 'delete_role', guild_id },
      { kind: 'new_emoji', guild_id },
      { kind: 'delete_emoji', guild_id },
      { kind: 'rename_user' },
      { kind: 'message_content', on: false },
      { kind: 'guild_members', on: false },
      { kind: 'random' },
      { kind: 'kick_bot', guild_id },
      { kind: 'invite_bot', guild_id },
      { kind: 'delete_guild', guild_id },
      { kind: 'rotate_token' },
    ]
    for (const change of kinds) {
      const { status, body } = await mutate(change)
      expect(status, `${change.kind}: ${JSON.stringify(body)}`).toBe(200)
      if ('channel_id' in change && change.kind !== 'new_thread')
        expect(body[0]).toMatchObject({ guild_id, channel_id })
    }
  })

  it('what cannot be done is refused', async () => {
    expect((await mutate({ kind: 'dance' })).status).toBe(400)
    expect((await mutate({ kind: 'edit', channel_id, id: '1' })).status).toBe(400)
    expect((await mutate({ kind: 'send', channel_id: '1' })).status).toBe(400)
  })

  it('a message may turn up late: its id is older than some that were read', async () => {
    const before = idsOf(await client.walk(channel_id))
    const at = timeOfId(before[20]!) + 1
    const { id } = simulator.mutate.send({ channel_id, at })
    expect(timeOfId(id)).toBe(at)
    const after = idsOf(await client.walk(channel_id))
    expect(after).toEqual([...before, id].toSorted(compareIds))
    expect(idsOf(await client.list(`/channels/${channel_id}/messages?after=${before.at(-1)}`))).toEqual([])
  })

  it('messages may all turn up late', async () => {
    await simulator.close()
    await start({ lateVisibilityMs: 3000 })
    simulator.clock.advance(10_000)
    const lags = Array.from(
      { length: 12 },
      () => simulator.clock.now() - timeOfId(simulator.mutate.send({ channel_id }).id),
    )
    expect(Math.max(...lags)).toBeGreaterThan(500)
    expect(Math.max(...lags)).toBeLessThanOrEqual(3000)
    const ids = idsOf(await client.walk(channel_id))
    expect(ids).toEqual(ids.toSorted(compareIds))
  })

  it('the last message stays named when it is deleted', async () => {
    const { id } = simulator.mutate.send({ channel_id })
    simulator.mutate.delete({ channel_id, id })
    expect((await client.get(`/channels/${channel_id}`)).body.last_message_id).toBe(id)
    expect(simulator.truth.gone.messages).toContainEqual({ guild_id, channel_id, id })
  })

  it('random changes follow from the seed', async () => {
    const run = async (seed: number): Promise<string> => {
      await simulator.close()
      await start({ seed })
      for (let index = 0; index < 60; index++) simulator.mutate.random()
      return simulator.truth.digest()
    }
    const digest = await run(5)
    expect(await run(5)).toBe(digest)
    expect(await run(6)).not.toBe(digest)
  })
})

describe('changes during a walk', () => {
  it('happen after every n-th page, in the guild that is read', async () => {
    await simulator.close()
    await start({ mutateDuringWalk: { every: 2, max: 5, among: ['send'] } })
    const before = simulator.truth.counts().messages
    const elsewhere = [...simulator.truth.guilds()][1]!.id
    const others = [...simulator.truth.messages({ guild_id: elsewhere })].length
    for (let index = 0; index < 20; index++) await client.list(`/channels/${channel_id}/messages?limit=1`)
    expect(simulator.truth.counts().messages).toBe(before + 5)
    expect([...simulator.truth.messages({ guild_id: elsewhere })].length).toBe(others)
  })

  it('of every kind leave a world that is still in step', async () => {
    await simulator.close()
    await start({ mutateDuringWalk: { every: 1, routes: ['messages', 'active_threads', 'archived_public'] } })
    const places = [...simulator.truth.channels({ guild_id }), ...simulator.truth.threads({ guild_id })]
    for (const { id, json } of places) {
      simulator.clock.advance(1000)
      if (![4, 15, 16].includes(json.type as number)) await client.walk(id, 20)
      await client.get(`/guilds/${guild_id}/threads/active`)
    }
    const ids = new Map<string, string[]>()
    for (const row of simulator.truth.messages()) ids.set(row.channel_id, [...(ids.get(row.channel_id) ?? []), row.id])
    for (const list of ids.values()) expect(list).toEqual(list.toSorted(compareIds))
    expect(simulator.truth.gone.messages.length).toBeGreaterThan(3)
    for (const { channel_id: place, id } of simulator.truth.gone.messages)
      expect(ids.get(place) ?? []).not.toContain(id)
  })
})

describe('short pages', () => {
  it('hold fewer rows although there are more, and a walk to the empty page still gets all', async () => {
    await simulator.close()
    await start({ shortPages: 0.5 })
    const sizes: number[] = []
    for (let index = 0; index < 20; index++)
      sizes.push((await client.list(`/channels/${channel_id}/messages?limit=20`)).length)
    expect(Math.min(...sizes)).toBeLessThan(20)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
    expect(Math.max(...sizes)).toBe(20)
    const truth = [...simulator.truth.messages({ channel_id })].map(({ id }) => id)
    expect(idsOf(await client.walk(channel_id, 20))).toEqual(truth)
  })
})
