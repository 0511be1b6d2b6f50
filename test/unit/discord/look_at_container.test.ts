import { expect, it } from 'vitest'
import type { Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { DiscordClient } from '../../../sources/discord/client.ts'
import { DiscordNotFoundError } from '../../../sources/discord/errors/not_found_error.ts'
import { DiscordPermissionMissingError } from '../../../sources/discord/errors/permission_missing_error.ts'
import { lookAtContainer } from '../../../sources/discord/feeds/look_at_container.ts'

/** A guild where channels can be seen, and threads are what `ofThread` says. */
function looking(ofThread: (id: string) => 'deleted' | 'hidden' | 'there') {
  const asked: string[] = []
  const get = async (path: readonly string[]) => {
    const [kind, id] = path
    if (kind === 'guilds') return { body: [] }
    asked.push(id!)
    const init = { request: 'GET', discordMessage: '' }
    const state = Number(id) < 1000 ? 'there' : ofThread(id!)
    if (state === 'deleted') throw new DiscordNotFoundError({ ...init, status: 404, discordCode: 10_003 })
    if (state === 'hidden') throw new DiscordPermissionMissingError({ ...init, status: 403, discordCode: 50_001 })
    return { body: {} }
  }
  const args = {
    connection: { get } as unknown as DiscordClient,
    session: new Session(),
    signal: new AbortController().signal,
    options: {},
  } as unknown as ReadArgs<DiscordClient>
  const stateOf = async (partition: Partition, again = false) => (await lookAtContainer(partition, args, again)).state
  return { asked, stateOf }
}

const thread = (id: number, below: number): Partition => ({
  id: String(id),
  channel_id: String(id),
  guild_id: '1',
  below: String(below),
})

it('threads of one channel are believed to be refused when five were, and asked for when they are deleted', async () => {
  const { asked, stateOf } = looking((id) => (Number(id) < 1050 ? 'deleted' : 'hidden'))
  for (let id = 1000; id < 1050; id++) expect(await stateOf(thread(id, 11))).toBe('absent')
  for (let id = 1050; id < 1100; id++) expect(await stateOf(thread(id, 11))).toBe('refused')
  // The channel itself, those that were deleted, and five.
  expect(asked).toHaveLength(1 + 50 + 5)
})

it('threads of other channels are asked for, up to a hundred refusals in a run', async () => {
  const { asked, stateOf } = looking(() => 'hidden')
  const threads = Array.from({ length: 300 }, (_, index) => thread(1000 + index, 10 + Math.floor(index / 5)))
  for (const one of threads) expect(await stateOf(one)).toBe('refused')
  expect(asked.filter((id) => Number(id) >= 1000)).toHaveLength(100)
})

it('a thread that was found deleted before is asked for, however many others are refused', async () => {
  const { stateOf } = looking((id) => (id === '1099' ? 'deleted' : 'hidden'))
  for (let id = 1000; id < 1010; id++) await stateOf(thread(id, 11))
  expect(await stateOf(thread(1098, 11))).toBe('refused')
  expect(await stateOf(thread(1099, 11), true)).toBe('absent')
})

it('threads that are there are read, however many are refused', async () => {
  const { stateOf } = looking((id) => (Number(id) % 2 === 0 ? 'there' : 'hidden'))
  expect(await stateOf(thread(1000, 11))).toBe('present')
  expect(await stateOf(thread(1001, 11))).toBe('refused')
  expect(await stateOf(thread(1002, 11))).toBe('present')
})
