import { afterEach, beforeEach, expect, it } from 'vitest'
import { timeOfSnowflake } from '../../sources/discord/snowflake.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const DAY = 86_400_000
const tables = ['messages']
const dataset = {
  generated: {
    guilds: 1,
    channelsPerGuild: 2,
    messagesPerChannel: 40,
    threadsPerChannel: 0,
    forums: 0,
    days: 60,
    members: 5,
  },
} as const

let world: DiscordWorld
beforeEach(async () => {
  world = await DiscordWorld.start({ dataset })
})
afterEach(() => world.close())

const daysAgo = (days: number) => new Date(world.simulator.clock.now() - days * DAY).toISOString()
const ageOf = (id: string) => (world.simulator.clock.now() - timeOfSnowflake(id)) / DAY
const differences = () => discordDifferences(world.database, world.simulator, tables)
const sync = (options: Record<string, string> = {}) => world.sync({ tables, options })

/** A channel in which nothing was written for so many days. */
function quietChannel(days: number) {
  const { truth, mutate } = world.simulator
  const [first] = [...truth.messages()]
  const channel_id = first!.channel_id
  for (const key of [...truth.messages({ channel_id })]) if (ageOf(key.id) < days) mutate.delete(key)
  return { guild_id: first!.guild_id, channel_id }
}

it('what is written between the ceiling and the list of channels comes with a later run', async () => {
  const channel = quietChannel(10)
  await sync()
  // Later than the ceiling of the next run, and listed by it: as if finding the channels took its time.
  world.simulator.mutate.send({ ...channel, at: world.simulator.clock.now() + 7_000, content: 'in between' })
  await sync()
  world.pass(60_000)
  await sync()
  world.pass(DAY)
  await sync()
  expect(await differences()).toEqual({})
})

it('what lies behind an end_date comes when it is taken away', async () => {
  quietChannel(45)
  await sync({ end_date: daysAgo(30) })
  await sync()
  expect(await differences()).toEqual({})
})

it('a start_date that is moved back is read, though the read now ends before what was read', async () => {
  await sync({ start_date: daysAgo(20) })
  await sync({ start_date: daysAgo(60), end_date: daysAgo(30) })
  const [count] = await query<{ n: string }>(
    world.database,
    `SELECT count(*) AS n FROM discord.messages WHERE "timestamp" < '${daysAgo(30)}'`,
  )
  const older = [...world.simulator.truth.messages()].filter(({ id }) => ageOf(id) > 30)
  expect(Number(count!.n)).toBe(older.length)
})

it('a walk that was broken off goes on, though the next read ends before it began', async () => {
  const stop = new AbortController()
  const onEvent = ({ type }: { type: string }) => type === 'page' && stop.abort()
  await world.sync({ tables, workers: 1, unitRows: 10, signal: stop.signal, options: { page_size: '10' }, onEvent })
  await sync({ end_date: daysAgo(5) })
  const older = [...world.simulator.truth.messages()].filter(({ id }) => ageOf(id) > 5.1)
  const held = await query<{ id: string }>(world.database, 'SELECT id FROM discord.messages')
  expect(older.filter(({ id }) => !held.some((row) => row.id === id))).toEqual([])
})

it('a walk that a later run ends claims no more than the run that began it: what it has read can have changed since', async () => {
  const stop = new AbortController()
  let walked = ''
  await world.sync({
    tables,
    workers: 1,
    unitRows: 10,
    signal: stop.signal,
    options: { page_size: '10' },
    onEvent(event) {
      if (event.type !== 'page') return
      walked = event.partition
      stop.abort()
    },
  })
  const began = world.simulator.clock.now()
  world.pass(60_000)
  const [read] = [...world.simulator.truth.messages({ channel_id: walked })]
  world.simulator.mutate.edit({ channel_id: walked, id: read!.id, content: 'not as it was read' })
  const claimed = async () => {
    const [line] = await query<{ at: number }>(
      world.database,
      `SELECT epoch_ms(synced_until)::DOUBLE AS at FROM parley.coverage WHERE "partition" = '${walked}'`,
    )
    return line!.at
  }
  // Back to the beginning, so that the third one sees the edit.
  const options = { edit_rescan_window: '3650d' }
  await sync(options)
  expect(await differences()).not.toEqual({})
  expect(await claimed()).toBeLessThan(began + 2_000)
  await sync(options)
  expect(await differences()).toEqual({})
  expect(await claimed()).toBeGreaterThan(began + 60_000)
})

it('a wider edit_rescan_window sees what was deleted in it, also in a channel that is quiet', async () => {
  const channel = quietChannel(10)
  await sync()
  world.simulator.mutate.delete(world.simulator.mutate.send(channel))
  await sync()
  const old = [...world.simulator.truth.messages(channel)].find(({ id }) => ageOf(id) < 25)!
  world.simulator.mutate.delete(old)
  await sync({ edit_rescan_window: '30d' })
  expect(await markedMessages(world.database)).toEqual([old.id])
})

it('without any window the second that was still going on is read once more', async () => {
  const options = { edit_rescan_window: '0', lookback_seconds: '0' }
  const { guild_id, channel_id } = [...world.simulator.truth.messages()][0]!
  let sent = false
  world.pass(1_000 - ((world.simulator.clock.now() + 2_000) % 1_000))
  await world.sync({
    tables,
    options,
    onEvent(event) {
      if (event.type !== 'partition_done' || event.partition !== channel_id || sent) return
      sent = true
      world.simulator.mutate.send({ guild_id, channel_id, content: 'in the same second' })
    },
  })
  await sync(options)
  expect(await differences()).toEqual({})
})

it('a channel that only a look shows is not idle by what its list said long ago', async () => {
  const channel = quietChannel(10)
  await sync()
  world.simulator.mutate.send(channel)
  world.simulator.setFaults({ rules: [{ route: 'my_guilds', fault: { kind: 'empty_page' } }] })
  expect((await sync()).status).toBe('ok')
  expect(await differences()).toEqual({})
})

it('a channel that two looks found gone, and that comes back, is read from its beginning', async () => {
  await sync()
  const fault = { kind: 'status', status: 404, code: '10003' } as const
  world.simulator.setFaults({
    rules: [
      { path: '**/users/@me/guilds', fault: { kind: 'empty_page' } },
      { path: '**/channels/*', fault },
    ],
  })
  await sync()
  await sync()
  expect((await markedMessages(world.database)).length).toBeGreaterThan(0)
  world.simulator.setFaults(null)
  expect((await sync()).status).toBe('ok')
  expect(await markedMessages(world.database)).toEqual([])
  expect(await differences()).toEqual({})
})

it('--full leaves the time at which a state was first seen', async () => {
  await sync()
  const seen = () => query(world.database, 'SELECT min(seen_at) AS first, max(seen_at) AS last FROM discord.messages')
  const before = await seen()
  world.pass(DAY)
  await world.sync({ tables, full: true })
  expect(await seen()).toEqual(before)
})
