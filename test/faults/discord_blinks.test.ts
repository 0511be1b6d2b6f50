import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Event } from '../../libs/observe/events.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { DiscordWorld } from '../support/discord_world.ts'

const TABLES = ['messages', 'message_reactions', 'attachments']

let world: DiscordWorld
beforeEach(async () => {
  const size = { guilds: 1, channelsPerGuild: 2, messagesPerChannel: 60, threadsPerChannel: 0, forums: 0, members: 10 }
  const shares = { attachmentsShare: 0.3, reactionsShare: 0.3 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, ...shares, days: 5 } } })
})
afterEach(() => world.close())

/** Switches the intent off for the second page of a channel alone. */
function blink(): (event: Event) => void {
  let lists = 0
  return (event) => {
    if (event.type !== 'request' || !event.path.endsWith('/messages')) return
    lists++
    if (lists === 1) world.simulator.mutate.messageContent(false)
    if (lists === 2) world.simulator.mutate.messageContent(true)
  }
}

it.each(['first', 'second'])(
  'the intent is off while one page of the %s sync is read, and on before anybody asks for it: the page is asked again',
  async (which) => {
    const sync = (onEvent: (event: Event) => void = () => {}) =>
      world.sync({ tables: TABLES, workers: 1, options: { page_size: '20' }, onEvent })
    if (which === 'second') await sync()
    const run = await sync(blink())
    expect(run.status, JSON.stringify(run.errors)).toBe('ok')
    expect(await markedMessages(world.database)).toEqual([])
    expect(await discordDifferences(world.database, world.simulator, TABLES)).toEqual({})
  },
)
