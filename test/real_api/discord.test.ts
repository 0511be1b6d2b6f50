import { describe, it } from 'vitest'
import { processRuntime } from '../../libs/connect/process_runtime.ts'
import { optionsFromEnvironment } from '../../pipeline/spec/connection_environment.ts'
import { options } from '../../sources/discord/options.ts'
import { startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { testRuntime } from '../support/runtime.ts'
import { discordSuite } from './discord_suite.ts'
import { tokenOrSkip } from './token_or_skip.ts'

/** Asks nothing of a network, and keeps the suite itself true. */
discordSuite('the simulator of Discord', async () => {
  const simulator = await startDiscordSimulator({ throttle: 'off' })
  return {
    connection: { ...simulator.connection },
    runtime: testRuntime(),
    close: () => simulator.close(),
  }
})

const token = tokenOrSkip('PARLEY_DISCORD_BOT_TOKEN', 'the live API of Discord')
if (token === undefined) describe.skip('the live API of Discord', () => it('is asked where there is a token', () => {}))
else {
  discordSuite('the live API of Discord', async () => ({
    connection: optionsFromEnvironment('discord', options, process.env),
    runtime: processRuntime(),
    close: async () => {},
  }))
}
