import { afterEach, describe, expect, it } from 'vitest'
import type { DiscordSimulatorOptions } from '../../sources/discord/simulator/index.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const DAY = 86_400_000

let world: DiscordWorld
afterEach(() => world.close())

const start = async (options: DiscordSimulatorOptions = {}) => {
  world = await DiscordWorld.start(options)
  return world
}

/** A guild with enough of everything, and pages that are not full. */
const generated = {
  generated: { guilds: 2, channelsPerGuild: 4, messagesPerChannel: 230, threadsPerChannel: 4, days: 5 },
} as const

describe('a sync of Discord', () => {
  it('of the sample is equal to the truth, and the next one changes nothing', async () => {
    const { simulator, database } = await start({ dataset: { sample: true } })
    expect((await world.sync()).status).toBe('ok')
    expect(await discordDifferences(database, simulator)).toEqual({})
    expect(changedRows(await world.sync())).toBe(0)
  })

  it('with changes during the walk is equal to the truth once they have ended', async () => {
    const { simulator, database } = await start({
      dataset: generated,
      shortPages: 0.3,
      // After every page, so that they have ended with the first sync.
      mutateDuringWalk: { every: 1, max: 40 },
    })
    await world.sync()
    expect(simulator.truth.gone.messages.length).toBeGreaterThan(0)
    await world.sync()
    expect(await discordDifferences(database, simulator)).toEqual({})
    expect(changedRows(await world.sync())).toBe(0)
  })

  it('follows edits, unfurled links, pins and reactions inside the window', async () => {
    const { simulator, database } = await start({ dataset: generated })
    await world.sync()
    const { mutate } = simulator
    for (let turn = 0; turn < 5; turn++) {
      mutate.edit()
      mutate.unfurl()
      mutate.pin()
      mutate.addReaction()
      mutate.removeReaction()
      mutate.send()
      mutate.reply()
    }
    await world.sync()
    expect(await discordDifferences(database, simulator)).toEqual({})
    expect(changedRows(await world.sync())).toBe(0)
  })

  it('marks what was deleted inside the window, and leaves alone what was deleted before it', async () => {
    const { simulator, database } = await start({ dataset: generated })
    await world.sync({ options: { edit_rescan_window: '2d' } })
    const now = simulator.clock.now()
    const ageOf = (id: string) => now - Number((BigInt(id) >> 22n) + 1_420_070_400_000n)
    const all = [...simulator.truth.messages()]
    const young = all.filter(({ id }) => ageOf(id) < DAY).slice(0, 7)
    const old = all.filter(({ id }) => ageOf(id) > 3 * DAY).slice(0, 3)
    for (const key of [...young, ...old]) simulator.mutate.delete(key)
    await world.sync({ options: { edit_rescan_window: '2d' } })
    expect(await markedMessages(database)).toEqual(young.map(({ id }) => id).toSorted())
    expect(changedRows(await world.sync({ options: { edit_rescan_window: '2d' } }))).toBe(0)
    // Everything is read again, and everything that is gone is found.
    await world.sync({ full: true })
    expect(await markedMessages(database)).toEqual([...young, ...old].map(({ id }) => id).toSorted())
    expect(await discordDifferences(database, simulator)).toEqual({})
  })

  it('reads threads that are archived, opened and made while it lists them', async () => {
    const { simulator, database } = await start({
      dataset: generated,
      mutateDuringWalk: { every: 2, among: ['archive', 'unarchive', 'new_thread', 'send'], max: 60 },
    })
    await world.sync()
    await world.sync()
    await world.sync()
    expect(await discordDifferences(database, simulator)).toEqual({})
    const threads = await query(database, 'SELECT count(*) AS n FROM discord.threads')
    expect(Number(threads[0]!.n)).toBe(simulator.truth.counts().threads)
  })
})

describe.each(['hidden_omitted', 'all_listed'] as const)('a channel, where lists are %s', (visibility) => {
  it('that the bot may not see any more keeps its rows, is refused, and catches up when it may again', async () => {
    const { simulator, database } = await start({ dataset: generated, visibility })
    await world.sync()
    const rows = async () =>
      (await query(database, 'SELECT count(*) AS n FROM discord.messages WHERE deleted_at IS NULL'))[0]!.n
    const [before, hidden] = [await rows(), simulator.mutate.hideChannel()]
    simulator.mutate.send({ ...hidden, content: 'said behind the door' })
    const run = await world.sync()
    expect(run.status).toBe('partial')
    expect(run.errors.map(({ partition, code }) => [partition, code])).toContainEqual([
      hidden.channel_id,
      'PARLEY_DISCORD_PERMISSION_MISSING',
    ])
    expect(await rows()).toBe(before)
    expect(await markedMessages(database)).toEqual([])
    simulator.mutate.showChannel(hidden)
    expect((await world.sync()).status).toBe('ok')
    expect(await discordDifferences(database, simulator)).toEqual({})
  })

  it('whose history is withdrawn is refused, not empty', async () => {
    const { simulator, database } = await start({ dataset: generated, visibility })
    await world.sync()
    const denied = simulator.mutate.denyHistory()
    const run = await world.sync()
    expect(run.errors.find(({ partition }) => partition === denied.channel_id)).toMatchObject({
      code: 'PARLEY_DISCORD_PERMISSION_MISSING',
    })
    expect(await markedMessages(database)).toEqual([])
    simulator.mutate.allowHistory(denied)
    expect((await world.sync()).status).toBe('ok')
    expect(await discordDifferences(database, simulator)).toEqual({})
  })

  it('that was deleted loses its row, and its messages are marked, by the second look', async () => {
    const { simulator, database } = await start({ dataset: generated, visibility })
    await world.sync()
    const gone = simulator.mutate.deleteChannel()
    await world.sync()
    const marked = async () =>
      (
        await query(
          database,
          `SELECT count(*) FILTER (deleted_at IS NULL) AS there, count(*) FILTER (deleted_at IS NOT NULL) AS marked
           FROM discord.messages WHERE channel_id = '${gone.channel_id}'`,
        )
      )[0]
    expect(await marked()).toMatchObject({ marked: '0' })
    const run = await world.sync()
    expect(run.status).toBe('ok')
    expect(await marked()).toMatchObject({ there: '0' })
    expect(await discordDifferences(database, simulator)).toEqual({})
    expect(changedRows(await world.sync())).toBe(0)
  })
})
