import { afterAll, beforeAll, expect, it } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { discord } from '../../../sources/discord/index.ts'
import { type DiscordSimulator, startDiscordSimulator } from '../../../sources/discord/simulator/index.ts'
import { testRuntime } from '../../support/runtime.ts'

let simulator: DiscordSimulator
beforeAll(async () => {
  simulator = await startDiscordSimulator({
    throttle: 'off',
    dataset: { generated: { guilds: 2, channelsPerGuild: 6, messagesPerChannel: 1, threadsPerChannel: 3, members: 5 } },
  })
})
afterAll(() => simulator.close())

async function checked() {
  const given = { scope: 'connection', unknown: 'error' } as const
  const options = resolveOptions(discord.options, { ...simulator.connection }, given)
  const connection = discord.connect(options, testRuntime())
  try {
    return await discord.check(connection, options, AbortSignal.timeout(30_000))
  } finally {
    await connection.close()
  }
}

it('asks for channels and rights, not for their threads', async () => {
  simulator.resetStats()
  expect((await checked()).filter(({ granted }) => !granted)).toEqual([])
  expect(simulator.log.filter(({ path }) => path.includes('threads'))).toEqual([])
  expect(simulator.stats().requests).toBeLessThan(12)
})

const history = async () =>
  (await checked()).find(({ table, permission }) => table === 'messages' && permission.includes('History'))

it('says in how many channels the bot lacks the history, and of all that it is not granted', async () => {
  const [guild] = [...simulator.truth.guilds()]
  const text = [...simulator.truth.channels({ guild_id: guild!.id })].filter(({ json }) => json.type === 0)
  const deny = text
    .slice(0, 3)
    .map(({ id }) => ({ guild_id: guild!.id, channel_id: id, permission: 'READ_MESSAGE_HISTORY' as const }))
  for (const one of deny) simulator.mutate.deny(one)
  const told = await history()
  for (const one of deny) simulator.mutate.allow(one)
  expect(told).toMatchObject({ granted: true, code: 'PARLEY_DISCORD_PERMISSION_MISSING' })
  expect(told!.message).toContain('Read Message History')
  expect(told!.message).toContain('2 others are refused too.')
})

it('says of a bot that is in no server that it is, not that all is well', async () => {
  const ids = [...simulator.truth.guilds()].map(({ id }) => id)
  for (const guild_id of ids) simulator.mutate.kickBot({ guild_id })
  const told = await checked()
  for (const guild_id of ids) simulator.mutate.inviteBot({ guild_id })
  for (const table of ['guilds', 'channels', 'messages'])
    expect(told.filter((one) => one.table === table)).toContainEqual(
      expect.objectContaining({ granted: false, code: 'PARLEY_DISCORD_NO_SERVER' }),
    )
})
