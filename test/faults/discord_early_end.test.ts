import { afterEach, expect, it } from 'vitest'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'

let world: DiscordWorld
afterEach(() => world.close())

/** Pages of one channel's messages are empty, so many times; asked for its newest message it goes on to answer. */
function emptyPages(count: number): { channel: string } {
  const { simulator } = world
  const { channel_id } = [...simulator.truth.messages()].at(-1)!
  const fault = { kind: 'empty_page' } as const
  simulator.setFaults({ rules: [{ path: `**/channels/${channel_id}/messages`, query: 'after=', count, fault }] })
  return { channel: channel_id }
}

it('a list that ends before the newest message is asked again', async () => {
  world = await DiscordWorld.start()
  await world.sync()
  emptyPages(3)
  expect((await world.sync()).status).toBe('ok')
  expect(await discordDifferences(world.database, world.simulator)).toEqual({})
})

it('one that goes on to end there is behind: nothing in it is marked as deleted, and the next sync reads it', async () => {
  world = await DiscordWorld.start()
  await world.sync()
  const { channel } = emptyPages(1_000)
  const run = await world.sync()
  expect(run.status).toBe('partial')
  expect(run.errors.map(({ partition, code }) => [partition, code])).toEqual([
    [channel, 'PARLEY_DISCORD_LIST_UNSTEADY'],
  ])
  expect(await markedMessages(world.database)).toEqual([])
  world.simulator.setFaults(null)
  expect((await world.sync()).status).toBe('ok')
  expect(await discordDifferences(world.database, world.simulator)).toEqual({})
  expect(changedRows(await world.sync())).toBe(0)
})
