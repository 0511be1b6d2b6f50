import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { parley } from '../support/cli.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'

let world: DiscordWorld
let simulator: DiscordSimulator
beforeEach(async () => {
  const size = { guilds: 1, channelsPerGuild: 3, messagesPerChannel: 20, threadsPerChannel: 2, forums: 0, members: 5 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  simulator = world.simulator
})
afterEach(() => world.close())

async function state(...args: string[]): Promise<void> {
  const ended = await parley(['state', ...args, '--destination', `duckdb:${world.database}`])
  expect(ended.code, ended.stderr).toBe(0)
}

/** What is gone is looked at twice. */
async function expectTruth(): Promise<void> {
  await world.sync()
  const run = await world.sync()
  expect(run.status, JSON.stringify(run.errors)).toBe('ok')
  expect(await discordDifferences(world.database, simulator)).toEqual({})
  expect(changedRows(await world.sync())).toBe(0)
}

const idsIn = (channel_id: string) => [...simulator.truth.messages({ channel_id })].map(({ id }) => id).toSorted()

describe('after state reset', () => {
  it.each([[[]], [['--tables', 'messages']]])('%j what is deleted is found out all the same', async (flags) => {
    await world.sync()
    await state('reset', '--yes', ...flags)
    const [thread] = [...simulator.truth.threads()].filter(({ id }) => idsIn(id).length > 0)
    const lost = idsIn(thread!.id)
    simulator.mutate.deleteThread({ guild_id: thread!.guild_id, channel_id: thread!.id })
    await expectTruth()
    expect(await markedMessages(world.database)).toEqual(lost)
  })
})

describe('after state reset, and again before it could be read', () => {
  it('what is deleted meanwhile is found out all the same', async () => {
    await world.sync()
    await state('reset', '--yes')
    await state('reset', '--yes')
    const [thread] = [...simulator.truth.threads()].filter(({ id }) => idsIn(id).length > 0)
    const lost = idsIn(thread!.id)
    simulator.mutate.deleteThread({ guild_id: thread!.guild_id, channel_id: thread!.id })
    await expectTruth()
    expect(await markedMessages(world.database)).toEqual(lost)
  })
})

describe('after the import of older state', () => {
  it('what came later and is deleted now is found out all the same', async () => {
    await world.sync()
    const file = join(world.folder, 'state.json')
    await state('export', file)
    const [guild] = [...simulator.truth.guilds()].slice(0, 1) as { id: string }[]
    const made = simulator.mutate.newChannel({ guild_id: guild!.id })
    for (let turn = 0; turn < 3; turn++) simulator.mutate.send({ ...made, content: `said ${turn}` })
    const lost = idsIn(made.channel_id)
    await world.sync()
    await state('import', file, '--yes')
    simulator.mutate.deleteChannel(made)
    await expectTruth()
    expect(await markedMessages(world.database)).toEqual(lost)
  })
})
