import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { type DiscordSimulator, startDiscordSimulator } from '../../../sources/discord/simulator/index.ts'
import { compareIds } from '../../../sources/discord/simulator/snowflake.ts'
import { sharedOrSkip } from '../../support/shared.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

const shared = sharedOrSkip('the Discord simulator with 247,387 recorded messages')

describe.skipIf(shared === undefined)('recorded conversations', () => {
  let simulator: DiscordSimulator
  let client: DiscordClient
  let heapGrowth = 0
  let loadingMs = 0

  beforeAll(async () => {
    const before = process.memoryUsage().heapUsed
    const cpu = process.cpuUsage()
    const dataset = { ndjson: join(shared!, 'conversations/ubuntu_irc.ndjson.gz') }
    simulator = await startDiscordSimulator({ dataset, throttle: 'off' })
    const used = process.cpuUsage(cpu)
    loadingMs = (used.user + used.system) / 1000
    heapGrowth = process.memoryUsage().heapUsed - before
    client = discordClient(simulator)
  })
  afterAll(() => simulator?.close())

  it('become channels of five guilds with all messages and reply links', () => {
    expect(simulator.truth.loaded).toMatchObject({ messages: 247_387, replyLinks: 56_642 })
    const channels = [...simulator.truth.channels()]
    expect(channels.filter(({ json }) => json.type === 0).length).toBe(173)
    expect(simulator.truth.counts().guilds).toBe(5)
    for (const { json } of channels) if (json.type === 0) expect(json.parent_id).not.toBe(null)
  })

  it('load in seconds and stay far below a gibibyte', () => {
    console.info(`247,387 messages: ${Math.round(loadingMs)} ms of CPU, ${Math.round(heapGrowth / 2 ** 20)} MiB`)
    expect(loadingMs).toBeLessThan(12_000)
    expect(heapGrowth).toBeLessThan(700 * 2 ** 20)
  })

  it('lie between 2015 and 2025, in order and under ids of their own', () => {
    expect(simulator.truth.loaded.firstAt).toBeGreaterThan(Date.UTC(2015, 0, 29))
    expect(simulator.truth.loaded.lastAt).toBeLessThan(Date.UTC(2026, 0, 1))
    const seen = new Set<string>()
    let before: { channel_id: string; id: string } | undefined
    for (const row of simulator.truth.messages()) {
      if (row.id.length < 17 || row.id.length > 19) throw new Error(row.id)
      if (before?.channel_id === row.channel_id && compareIds(before.id, row.id) >= 0) throw new Error(row.id)
      seen.add(row.id)
      before = row
    }
    expect(seen.size).toBe(247_387)
  })

  it('come through the API, each row once, replies with what they answer', async () => {
    const channel = [...simulator.truth.channels()].find(({ json }) => json.type === 0)!.id
    const rows = await client.walk(channel)
    expect(idsOf(rows)).toEqual([...simulator.truth.messages({ channel_id: channel })].map(({ id }) => id))
    const replies = rows.filter(({ type }) => type === 19)
    expect(replies.length).toBeGreaterThan(100)
    for (const { message_reference, referenced_message } of replies)
      expect((referenced_message as JsonObject).id).toBe((message_reference as JsonObject).message_id)
    const kinds = new Set(rows.map(({ type }) => type))
    expect([...kinds].toSorted()).toEqual([0, 19, 63, 7])
  })

  it('have members, some of whom have left', () => {
    const { members, users } = simulator.truth.counts()
    expect(members).toBeGreaterThan(5000)
    expect(users).toBeGreaterThan(17_000)
  })

  it('can be cut', async () => {
    const dataset = { ndjson: join(shared!, 'conversations/ubuntu_irc.ndjson.gz'), guilds: 2, conversations: 3 }
    const small = await startDiscordSimulator({ dataset, throttle: 'off' })
    expect([...small.truth.channels()].filter(({ json }) => json.type === 0).length).toBe(3)
    expect(small.truth.counts().guilds).toBe(2)
    await small.close()
  })
})
