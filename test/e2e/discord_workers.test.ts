import { afterEach, expect, it } from 'vitest'
import { discordDifferences } from '../support/discord_truth.ts'
import { DiscordWorld } from '../support/discord_world.ts'

let world: DiscordWorld
afterEach(() => world.close())

it.each([1, 3])('%i workers read so many partitions at a time, of all tables together', async (workers) => {
  world = await DiscordWorld.start({ latencyMs: 3 })
  const run = await world.sync({ workers })
  expect(run.status).toBe('ok')
  expect(run.statistics.maxConcurrentChannels).toBe(workers)
  expect(await discordDifferences(world.database, world.simulator)).toEqual({})
})

it('without a number each table has its own: a slow one holds up no other', async () => {
  world = await DiscordWorld.start({ latencyMs: 3 })
  expect((await world.sync()).statistics.maxConcurrentChannels).toBeGreaterThan(10)
})
