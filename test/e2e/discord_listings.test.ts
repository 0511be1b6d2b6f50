import { afterEach, beforeEach, expect, it } from 'vitest'
import { discord } from '../../sources/discord/index.ts'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'
import { syncInProcess } from '../support/sync_in_process.ts'

const dataset = {
  generated: {
    guilds: 1,
    channelsPerGuild: 2,
    messagesPerChannel: 30,
    threadsPerChannel: 0,
    forums: 0,
    days: 5,
    members: 20,
    reactionsShare: 0.5,
  },
} as const

let world: DiscordWorld
beforeEach(async () => {
  world = await DiscordWorld.start({ dataset })
})
afterEach(() => world.close())

const members = async () =>
  Number((await query<{ n: string }>(world.database, 'SELECT count(*) AS n FROM discord.members'))[0]!.n)

it('a member who leaves goes, though its key is a hash that nobody can be asked for', async () => {
  const { simulator, database } = world
  const connection = { ...simulator.connection, anonymize: 'true', anonymize_key: '0123456789abcdef0123' }
  const sync = () => {
    world.pass(2_000)
    return syncInProcess({ source: discord as never, simulator: { connection }, database, tables: ['members'] })
  }
  await sync()
  const before = await members()
  simulator.mutate.memberLeave()
  await sync()
  await sync()
  expect(await members()).toBe(before - 1)
  expect(simulator.stats().byStatus['400'] ?? 0).toBe(0)
})

it('a member who leaves goes, though the spec keys members by less than it takes to ask for one', async () => {
  const { simulator } = world
  const sync = () => world.sync({ tables: ['members'], primaryKeys: ['user_id'] })
  await sync()
  const before = await members()
  simulator.mutate.memberLeave()
  await sync()
  await sync()
  expect(await members()).toBe(before - 1)
})

it('a list that failed while channels were looked for is asked for again by the second try', async () => {
  world.simulator.setFaults({ rules: [{ route: 'channels', count: 5, fault: { kind: 'status', status: 503 } }] })
  const run = await world.sync({ tables: ['channels', 'messages'] })
  expect(run.tables.find(({ table }) => table === 'channels')!.partitions).toMatchObject({ done: 1, failed: 0 })
})

it('reactions that are read later are read with the messages once they have caught up', async () => {
  const options = { include_reaction_users: 'true' }
  const tables = ['messages', 'message_reactions']
  await world.sync({ tables: ['messages'], options })
  await world.sync({ tables, options })
  await world.sync({ tables, options })
  const alone: string[] = []
  await world.sync({
    tables,
    options,
    onEvent: (event) => {
      if (event.type === 'partition_started' && event.tables.length === 1) alone.push(event.partition)
    },
  })
  expect(alone).toEqual([])
})

it('a list that a later run ends is claimed as of the run that began it: its first pages were read then', async () => {
  const { mutate, truth, clock } = world.simulator
  const stop = new AbortController()
  const onEvent = ({ type }: { type: string }) => type === 'page' && stop.abort()
  await world.sync({ tables: ['members'], signal: stop.signal, onEvent })
  const began = clock.now()
  world.pass(60_000)
  // Ids of members are in no order of time: most of these lie before the place where the list goes on.
  for (let count = 0; count < 5; count++) mutate.memberJoin()
  const claimed = async () =>
    (
      await query<{ at: number }>(world.database, 'SELECT epoch_ms(synced_until)::DOUBLE AS at FROM parley.coverage')
    )[0]!.at
  await world.sync({ tables: ['members'] })
  expect(await members()).toBeLessThan(truth.counts().members)
  expect(await claimed()).toBeLessThan(began + 2_000)
  await world.sync({ tables: ['members'] })
  expect(await members()).toBe(truth.counts().members)
  expect(await claimed()).toBeGreaterThan(began + 60_000)
})
