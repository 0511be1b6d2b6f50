import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DiscordSimulator, MessageKey } from '../../sources/discord/simulator/index.ts'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const OPTIONS = { options: { include_reaction_users: 'true' }, tables: ['messages', 'message_reactions'] }

let world: DiscordWorld
let simulator: DiscordSimulator
beforeEach(async () => {
  const size = { guilds: 1, channelsPerGuild: 2, messagesPerChannel: 80, threadsPerChannel: 1, forums: 0, members: 150 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5, reactionsShare: 0.2 } } })
  simulator = world.simulator
})
afterEach(() => world.close())

/** An emoji that messages have and the list of users does not know (reference §3). */
const UNLISTED = '⛷🏼'

/** `message emoji` -> who reacted as far as Discord tells, by id, super reactions with an exclamation mark. */
type Users = Map<string, string[]>

function truth(): Users {
  const users: Users = new Map()
  for (const { message_id, emoji_id, emoji_name, burst, user_id } of simulator.truth.reactions()) {
    const key = `${message_id} ${emoji_id ?? emoji_name}`
    if (emoji_name === null || emoji_name === UNLISTED) users.set(key, [])
    else users.set(key, [...(users.get(key) ?? []), `${user_id}${burst ? '!' : ''}`].toSorted())
  }
  return users
}

async function held(): Promise<Users> {
  const rows = await query<{ key: string; users: { id: string; burst: boolean }[] | null }>(
    world.database,
    `SELECT message_id || ' ' || emoji_key AS key, users FROM discord.message_reactions WHERE deleted_at IS NULL`,
  )
  return new Map(
    rows.map(({ key, users }) => [key, (users ?? []).map(({ id, burst }) => `${id}${burst ? '!' : ''}`).toSorted()]),
  )
}

/** Paths of the requests for reactions since the last question, without host and version, each once. */
function asked(): string[] {
  const paths = simulator.log.filter(({ route }) => route === 'reactions').map(({ path }) => path)
  simulator.log.clear()
  return [...new Set(paths)]
}

/** Messages that can be reacted to, in a text channel. */
function someMessages(count: number): MessageKey[] {
  const text = [...simulator.truth.channels()].find(({ json }) => json.type === 0)!
  const all = [...simulator.truth.messages({ channel_id: text.id })]
  return all.filter(({ json }) => json.type === 0 && json.reactions === undefined).slice(0, count)
}

/** Reactions that have a name to ask for. */
const named = () =>
  new Set(
    [...simulator.truth.reactions()]
      .filter(({ emoji_name }) => emoji_name !== null)
      .map(({ message_id, emoji_id, emoji_name }) => `${message_id} ${emoji_id ?? emoji_name}`),
  ).size

const entry = (users: Users, { id }: MessageKey, emoji: string) => users.get(`${id} ${emoji}`)

it('asks for users only where a count has changed, and holds who was there when it did', async () => {
  const { mutate } = simulator
  const [added, removed, swapped, many] = someMessages(4) as [MessageKey, MessageKey, MessageKey, MessageKey]
  for (const message of [added, removed, swapped])
    for (let turn = 0; turn < 3; turn++) mutate.addReaction({ ...message, emoji: '🐳' })
  mutate.addReaction({ ...removed, emoji: '🐳', burst: true })
  // More than a page holds.
  for (let turn = 0; turn < 130; turn++) mutate.addReaction({ ...many, emoji: '🐙' })
  await world.sync(OPTIONS)
  expect(await held()).toEqual(truth())
  expect(entry(await held(), many, '🐙')).toHaveLength(130)
  expect(asked().length).toBe(named())
  await world.sync(OPTIONS)
  expect(asked()).toEqual([])
  mutate.addReaction({ ...added, emoji: '🐳' })
  mutate.removeReaction({ ...removed, emoji: '🐳' })
  mutate.swapReaction({ ...swapped, emoji: '🐳' })
  const before = entry(await held(), swapped, '🐳')
  await world.sync(OPTIONS)
  expect(asked().toSorted()).toEqual(
    [added, removed]
      .map(({ channel_id, id }) => `/api/v10/channels/${channel_id}/messages/${id}/reactions/🐳`)
      .toSorted(),
  )
  const [has, should] = [await held(), truth()]
  // Equal counts hide a swap: Discord tells of no other sign.
  expect(entry(has, swapped, '🐳')).toEqual(before)
  expect(entry(should, swapped, '🐳')).not.toEqual(before)
  has.delete(`${swapped.id} 🐳`)
  should.delete(`${swapped.id} 🐳`)
  expect(has).toEqual(should)
  await world.sync({ ...OPTIONS, full: true })
  expect(asked().length).toBe(named())
  expect(await held()).toEqual(truth())
})

it('that is wanted later only: --full fills in who reacted', async () => {
  await world.sync({ ...OPTIONS, options: {} })
  expect([...(await held()).values()].flat()).toEqual([])
  expect(asked()).toEqual([])
  await world.sync({ ...OPTIONS, full: true })
  expect(await held()).toEqual(truth())
})

it('keeps a reaction whose emoji Discord does not list (400 10014), or that lost its name, without its users', async () => {
  const { mutate } = simulator
  const [odd, lost] = someMessages(2) as [MessageKey, MessageKey]
  const { emoji_id } = mutate.newEmoji({ guild_id: odd.guild_id, name: 'short_lived' })
  mutate.addReaction({ ...odd, emoji: UNLISTED })
  mutate.addReaction({ ...lost, emoji: `short_lived:${emoji_id}` })
  const first = await world.sync(OPTIONS)
  expect(first.status, JSON.stringify(first.errors)).toBe('ok')
  expect(simulator.log.filter(({ path, status }) => path.includes(`/${odd.id}/`) && status === 400)).toHaveLength(1)
  expect(entry(await held(), odd, UNLISTED)).toEqual([])
  const known = entry(truth(), lost, emoji_id)
  expect(known).toHaveLength(1)
  expect(entry(await held(), lost, emoji_id)).toEqual(known)
  mutate.deleteEmoji({ guild_id: odd.guild_id, emoji_id })
  asked()
  expect((await world.sync(OPTIONS)).status).toBe('ok')
  expect(asked()).toEqual([])
  // Who reacted is known from before; only the name is gone.
  expect(entry(await held(), lost, emoji_id)).toEqual(known)
})

it('that is switched on later fills in who has reacted, once, and switched off takes nothing away', async () => {
  const off = { ...OPTIONS, options: { include_reaction_users: 'false' } }
  await world.sync(off)
  expect(asked()).toEqual([])
  const run = await world.sync(OPTIONS)
  expect(asked().length).toBe(named())
  expect(await held()).toEqual(truth())
  expect(run.tables.map(({ updated }) => updated)).toEqual([0, 0])
  await world.sync(OPTIONS)
  expect(asked()).toEqual([])
  await world.sync({ ...off, full: true })
  expect(await held()).toEqual(truth())
})
