import { afterEach, describe, expect, it } from 'vitest'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let channels: string[]

afterEach(() => simulator.close())

async function start(options: DiscordSimulatorOptions): Promise<void> {
  const generated = { guilds: 1, channelsPerGuild: 10, messagesPerChannel: 120, threadsPerChannel: 0, forums: 0 }
  simulator = await startDiscordSimulator({ clock: virtualClock({ auto: true }), dataset: { generated }, ...options })
  client = discordClient(simulator)
  channels = [...simulator.truth.channels()].filter(({ json }) => json.type !== 4).map(({ id }) => id)
}

/** Reads a channel and believes what it is told: the headers before a refusal, Retry-After after one. */
async function readPolitely(channel: string, limit: number): Promise<string[]> {
  const ids: string[] = []
  for (let after = '0'; ; ) {
    const answer = await client.get(`/channels/${channel}/messages?after=${after}&limit=${limit}`)
    if (answer.status === 429) {
      await simulator.clock.sleep((answer.body as { retry_after: number }).retry_after * 1000)
      continue
    }
    const page = idsOf(answer.body as never)
    if (page.length === 0) return ids
    ids.push(...page.toReversed())
    after = page[0]!
    if (answer.headers.get('x-ratelimit-remaining') === '0')
      await simulator.clock.sleep(Number(answer.headers.get('x-ratelimit-reset-after')) * 1000)
  }
}

describe('a long read in little time', () => {
  it('who follows the headers is never refused and uses the whole limit', async () => {
    await start({})
    const truth = [...simulator.truth.messages({ channel_id: channels[0]! })].map(({ id }) => id)
    const before = simulator.clock.now()
    expect(await readPolitely(channels[0]!, 2)).toEqual(truth)
    const pages = Math.ceil(truth.length / 2) + 1
    expect(simulator.clock.now() - before).toBe(Math.floor((pages - 1) / 5) * 5000)
    const { messages } = simulator.stats().bucketKinds
    expect(messages).toMatchObject({ accepted: pages, refused: 0 })
    expect(messages!.busiest).toBeGreaterThan(0.95)
    expect(simulator.stats().early.all).toBe(0)
  })

  it('where headers mislead, refusals are met and waiting for them is enough', async () => {
    await start({ limits: { misleading: true } })
    const read = await Promise.all(channels.slice(0, 4).map((channel) => readPolitely(channel, 3)))
    for (const [index, ids] of read.entries())
      expect(ids).toEqual([...simulator.truth.messages({ channel_id: channels[index]! })].map(({ id }) => id))
    const { messages } = simulator.stats().bucketKinds
    expect(messages!.refused).toBeGreaterThan(10)
    expect(messages!.refused).toBeLessThan(messages!.accepted / 4)
    expect(simulator.stats().early.all).toBe(0)
  })

  it('many channels at once meet the limit of the bot', async () => {
    await start({ limits: { global: 8, messages: { limit: 50, windowMs: 1000 } } })
    await Promise.all(channels.map((channel) => readPolitely(channel, 20)))
    const { global } = simulator.stats().bucketKinds
    expect(global!.refused).toBeGreaterThan(0)
    expect(simulator.stats().refusedByBucket).toEqual({ global: global!.refused })
  })
})
