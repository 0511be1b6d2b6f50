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

it('says of the history in how many channels the bot lacks it', async () => {
  const [guild] = [...simulator.truth.guilds()]
  simulator.setFaults({
    rules: [{ path: `**/guilds/${guild!.id}/channels`, fault: { kind: 'status', status: 403, code: '50001' } }],
  })
  const told = await checked()
  simulator.setFaults(null)
  expect(told.filter(({ granted }) => !granted).map(({ table }) => table)).toContain('messages')
})
