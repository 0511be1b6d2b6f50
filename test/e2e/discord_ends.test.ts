import { afterEach, expect, it } from 'vitest'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { DiscordWorld } from '../support/discord_world.ts'

let world: DiscordWorld
afterEach(() => world.close())

const dataset = {
  generated: { guilds: 1, channelsPerGuild: 2, messagesPerChannel: 120, threadsPerChannel: 0, forums: 0, days: 3 },
}
const tables = ['messages', 'message_reactions', 'attachments']

it.each([false, true])('an end that is a lack of rights is not believed, full %s', async (full) => {
  world = await DiscordWorld.start({ dataset })
  const { simulator, database } = world
  await world.sync({ tables })
  const [first] = [...simulator.truth.channels()].filter(({ json }) => json.type === 0)
  const target = { guild_id: first!.guild_id, channel_id: first!.id }
  let pages = 0
  const run = await world.sync({
    tables,
    full,
    options: { page_size: '25' },
    onEvent(event) {
      if (event.type === 'page' && event.partition === target.channel_id && ++pages === 2)
        simulator.mutate.denyHistory(target)
    },
  })
  expect(await markedMessages(database)).toEqual([])
  expect(run.errors).toMatchObject([{ partition: target.channel_id, code: 'PARLEY_DISCORD_PERMISSION_MISSING' }])
  simulator.mutate.allowHistory(target)
  expect((await world.sync({ tables })).status).toBe('ok')
  expect(await discordDifferences(database, simulator, tables)).toEqual({})
})

it.each([false, true])('the newest messages of a channel are marked when they are deleted, full %s', async (full) => {
  world = await DiscordWorld.start({ dataset })
  const { simulator, database } = world
  await world.sync({ tables })
  const [first] = [...simulator.truth.channels()].filter(({ json }) => json.type === 0)
  const newest = [...simulator.truth.messages({ channel_id: first!.id })].slice(-20)
  for (const key of newest) simulator.mutate.delete(key)
  // A page that is full, so that the end is an empty one.
  await world.sync({ tables, full, options: { page_size: '20' } })
  expect(await markedMessages(database)).toEqual(newest.map(({ id }) => id).toSorted())
  expect(await discordDifferences(database, simulator, tables)).toEqual({})
})

it.each([false, true])('a channel that was emptied has all its messages marked, full %s', async (full) => {
  world = await DiscordWorld.start({ dataset })
  const { simulator, database } = world
  await world.sync({ tables })
  const [first] = [...simulator.truth.channels()].filter(({ json }) => json.type === 0)
  const all = [...simulator.truth.messages({ channel_id: first!.id })]
  for (const key of all) simulator.mutate.delete(key)
  await world.sync({ tables, full })
  expect(await markedMessages(database)).toEqual(all.map(({ id }) => id).toSorted())
})

it('a bot that may read nothing is a matter of its settings', async () => {
  world = await DiscordWorld.start({ dataset, messageContent: false })
  const run = await world.sync({ tables })
  expect(run).toMatchObject({ status: 'failed', exit_kind: 'configuration' })
  expect(new Set(run.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_DISCORD_INTENT_MISSING']))
})
