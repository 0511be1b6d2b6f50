import { afterEach, expect, it } from 'vitest'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

let world: DiscordWorld
afterEach(() => world.close())

it.each([15, 4])(
  'channel_id may name a channel of type %i: its threads and channels are read, itself holds nothing',
  async (type) => {
    world = await DiscordWorld.start()
    const named = [...world.simulator.truth.channels()].find(({ json }) => (json as { type: number }).type === type)!
    const run = await world.sync({ tables: ['messages', 'pins'], options: { channel_id: named.id } })
    expect(run.errors).toEqual([])
    expect(run.status).toBe('ok')
  },
)

it('a run of which everything is refused for an intent or a right ends as a configuration to mend', async () => {
  world = await DiscordWorld.start({ guildMembers: false })
  expect(await world.sync({ tables: ['members'] })).toMatchObject({ status: 'failed', exit_kind: 'configuration' })
})

it('users of a reaction stay when its emoji can be asked for no longer', async () => {
  world = await DiscordWorld.start()
  const { simulator, database } = world
  const sync = () => world.sync({ tables: ['message_reactions'], options: { include_reaction_users: 'true' } })
  const [emoji] = [...simulator.truth.emojis()]
  const { channel_id, id } = simulator.mutate.send({ content: 'So?' })
  simulator.mutate.addReaction({ channel_id, id, emoji: `${(emoji!.json as { name: string }).name}:${emoji!.id}` })
  await sync()
  const users = () =>
    query(database, `SELECT len(users) AS users FROM discord.message_reactions WHERE message_id = '${id}'`)
  expect(await users()).toEqual([{ users: '1' }])
  simulator.mutate.deleteEmoji({ emoji_id: emoji!.id })
  await sync()
  expect(await users()).toEqual([{ users: '1' }])
})

it('threads of a channel that is hidden keep their rows, also more than 500, and are not asked for one by one', async () => {
  world = await DiscordWorld.start({
    dataset: {
      generated: {
        guilds: 1,
        channelsPerGuild: 2,
        messagesPerChannel: 2,
        threadsPerChannel: 550,
        messagesPerThread: 1,
        forums: 0,
      },
    },
  })
  const { simulator, database } = world
  await world.sync({ tables: ['threads'] })
  const count = async () => (await query<{ n: string }>(database, 'SELECT count(*) AS n FROM discord.threads'))[0]!.n
  const before = await count()
  const [thread] = [...simulator.truth.threads()]
  const channel_id = (thread!.json as { parent_id: string }).parent_id
  simulator.mutate.hideChannel({ channel_id })
  simulator.resetStats()
  await world.sync({ tables: ['threads'] })
  expect(await count()).toBe(before)
  expect(simulator.stats().byStatus['403'] ?? 0).toBeLessThan(10)
})

it.each([10_004, 50_001])(
  'a guild that removed the bot, and whose list of channels answers %i, costs a few refusals a run, not one a channel',
  async (code) => {
    const size = { guilds: 2, channelsPerGuild: 12, messagesPerChannel: 1, threadsPerChannel: 1, forums: 1, members: 3 }
    world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
    const { simulator, database } = world
    const [guild] = [...simulator.truth.guilds()]
    await world.sync()
    const lines = `SELECT DISTINCT "partition" FROM parley.coverage WHERE job = 'discord.messages'
      AND params LIKE '%"guild_id":"${guild!.id}"%' AND state = `
    const known = (await query(database, `${lines} 'ok'`)).length
    expect(known).toBeGreaterThan(20)
    simulator.mutate.kickBot({ guild_id: guild!.id })
    if (code === 10_004) {
      const fault = { kind: 'status' as const, status: 404, code: String(code) }
      simulator.setFaults({ rules: [{ route: 'channels', path: `**/${guild!.id}/**`, fault }] })
    }
    for (let run = 0; run < 3; run++) {
      simulator.resetStats()
      expect((await world.sync()).status).toBe('partial')
      expect(simulator.stats().byStatus['403'] ?? 0).toBeLessThan(4)
      expect(await query(database, `${lines} 'refused'`)).toHaveLength(known)
    }
    simulator.setFaults({ rules: [] })
    simulator.mutate.inviteBot({ guild_id: guild!.id })
    expect((await world.sync()).status).toBe('ok')
  },
)
