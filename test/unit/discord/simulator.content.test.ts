import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { type DiscordClient, discordClient } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let channel_id: string

beforeEach(() => start())
afterEach(() => simulator.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<void> {
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off', ...options })
  client = discordClient(simulator)
  channel_id = [...simulator.truth.channels()].find(({ json }) => json.name === 'general')!.id
}

const get = async (id: string): Promise<JsonObject> => (await client.get(`/channels/${channel_id}/messages/${id}`)).body
const all = (): Promise<JsonObject[]> => client.walk(channel_id)
const find = async (fits: (row: JsonObject) => unknown): Promise<JsonObject> => (await all()).find(fits)!

describe('what messages hold', () => {
  it('every kind that a reader stumbles over', async () => {
    const rows = await all()
    const has = (fits: (row: JsonObject) => unknown): void => expect(rows.some(fits)).toBe(true)
    has((row) => row.type === 19 && row.referenced_message)
    has((row) => row.type === 19 && row.referenced_message === null)
    has((row) => row.type === 19 && !('referenced_message' in row))
    has((row) => (row.message_reference as JsonObject | undefined)?.type === 1 && row.message_snapshots)
    has((row) => row.webhook_id === (row.author as JsonObject).id)
    has((row) => row.poll)
    has((row) => row.sticker_items)
    has((row) => row.flags === 1 << 15 && row.content === '' && (row.components as unknown[]).length > 0)
    has((row) => row.flags === 1 << 13)
    has((row) => row.type === 63)
    has((row) => row.type === 6 && row.message_reference)
    has((row) => row.pinned)
    has((row) => row.mention_everyone)
    has((row) => (row.mention_roles as unknown[]).length > 0)
    has((row) => row.interaction_metadata)
    has((row) => row.edited_timestamp)
    has((row) => (row.attachments as unknown[]).length > 0)
    has((row) => (row.embeds as unknown[]).length > 0 && row.edited_timestamp === null)
  })

  it('referenced messages have neither reactions nor a reference of their own', async () => {
    const first = simulator.mutate.send({ channel_id })
    const second = simulator.mutate.reply(first)
    simulator.mutate.addReaction(second)
    const third = simulator.mutate.reply(second)
    const row = await get(third.id)
    expect(row.referenced_message).toMatchObject({
      id: second.id,
      type: 19,
      message_reference: { message_id: first.id },
    })
    expect(row.referenced_message).not.toHaveProperty('reactions')
    expect(row.referenced_message).not.toHaveProperty('referenced_message')
  })

  it('times have `+00:00`, six digits, and none where the fraction is zero', async () => {
    simulator.clock.advance(5000 - (simulator.clock.now() % 1000))
    const whole = simulator.mutate.send({ channel_id })
    simulator.clock.advance(7)
    const broken = simulator.mutate.send({ channel_id })
    expect((await get(whole.id)).timestamp).toMatch(/T\d\d:\d\d:\d\d\+00:00$/)
    expect((await get(broken.id)).timestamp).toMatch(/T\d\d:\d\d:\d\d\.007000\+00:00$/)
  })

  it('an edit shows its microseconds at first, and goes back to milliseconds', async () => {
    const key = simulator.mutate.send({ channel_id })
    expect((await get(key.id)).edited_timestamp).toBe(null)
    simulator.mutate.edit({ ...key, content: 'better' })
    const fresh = (await get(key.id)).edited_timestamp as string
    expect(fresh).toMatch(/\.\d{6}\+00:00$/)
    expect(fresh).not.toMatch(/000\+00:00$/)
    simulator.clock.advance(60_000)
    const later = (await get(key.id)).edited_timestamp as string
    expect(later < fresh).toBe(true)
    expect(Date.parse(later)).toBe(Date.parse(fresh))
    expect(await get(key.id)).toMatchObject({ content: 'better' })
  })

  it('unfurling, pinning and reacting are no edits', async () => {
    const key = simulator.mutate.send({ channel_id, content: 'https://example.org/a' })
    simulator.mutate.unfurl(key)
    simulator.mutate.pin(key)
    simulator.mutate.addReaction(key)
    expect(await get(key.id)).toMatchObject({
      edited_timestamp: null,
      pinned: true,
      embeds: [{ url: 'https://example.org/a' }],
      reactions: [{ count: 1 }],
    })
  })
})

describe('the content intent', () => {
  it('blanks what others wrote, except to the bot, and leaves the rest', async () => {
    const before = await all()
    simulator.mutate.messageContent(false)
    const after = new Map((await all()).map((row) => [row.id, row]))
    const bot = (await client.get('/users/@me')).body.id
    for (const row of before) {
      const blank = after.get(row.id)!
      const mentioned = (row.mentions as JsonObject[]).some(({ id }) => id === bot)
      if ((row.author as JsonObject).id === bot || mentioned) expect(blank.content).toBe(row.content)
      else expect(blank).toMatchObject({ content: '', embeds: [], attachments: [], components: [] })
      expect(blank.timestamp).toBe(row.timestamp)
      expect(blank.reactions).toEqual(row.reactions)
      if (!mentioned && (row.author as JsonObject).id !== bot) expect(blank).not.toHaveProperty('poll')
    }
    const forward = [...after.values()].find((row) => row.message_snapshots)!
    expect(forward.message_snapshots).toMatchObject([{ message: { content: '', attachments: [] } }])
    const replied = [...after.values()].find((row) => row.referenced_message)!
    expect(replied.referenced_message).toMatchObject({ content: '' })
    simulator.mutate.messageContent(true)
    expect((await all()).map(({ content }) => content)).toEqual(before.map(({ content }) => content))
  })

  it('may be off from the start', async () => {
    await simulator.close()
    await start({ messageContent: false })
    expect((await all()).filter(({ content }) => content !== '').length).toBeLessThan(6)
  })
})

describe('files', () => {
  const fileOf = (row: JsonObject): { url: string; proxy_url: string; size: number } => (row.attachments as never)[0]

  it('are signed anew at every read and gone after a day', async () => {
    const { id } = await find((row) => (row.attachments as unknown[]).length > 0)
    const one = fileOf(await get(id as string))
    simulator.clock.advance(5000)
    const other = fileOf(await get(id as string))
    expect(other.url).not.toBe(one.url)
    expect(other.url.split('?')[0]).toBe(one.url.split('?')[0])
    expect(Object.keys(Object.fromEntries(new URL(one.url).searchParams))).toEqual(['ex', 'is', 'hm'])
    const answer = await fetch(one.url)
    expect(answer.status).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBe(one.size)
    expect((await fetch(one.proxy_url)).status).toBe(200)
    simulator.clock.advance(86_400_000)
    expect((await fetch(one.url)).status).toBe(404)
    expect((await fetch(fileOf(await get(id as string)).url)).status).toBe(200)
  })

  it('are for who has a signature that fits, and go with their message', async () => {
    const { id } = await find((row) => (row.attachments as unknown[]).length > 0)
    const { url } = fileOf(await get(id as string))
    expect((await fetch(url.split('?')[0]!)).status).toBe(404)
    expect((await fetch(url.replace(/hm=./, 'hm=z'))).status).toBe(404)
    simulator.mutate.delete({ channel_id, id: id as string })
    expect((await fetch(url)).status).toBe(404)
  })

  it('pictures of embeds come from another address each time', async () => {
    const row = await find(({ embeds }) => (embeds as JsonObject[])[0]?.thumbnail)
    const proxy = async (): Promise<string> =>
      (((await get(row.id as string)).embeds as JsonObject[])[0]!.thumbnail as JsonObject).proxy_url as string
    expect(await proxy()).not.toBe(await proxy())
  })
})

describe('pins', () => {
  it('the last pinned first, by the time of pinning; unpinning leaves last_pin_timestamp', async () => {
    const keys = Array.from({ length: 4 }, () => simulator.mutate.send({ channel_id }))
    for (const key of keys.toReversed()) {
      simulator.clock.advance(1000)
      simulator.mutate.pin(key)
    }
    type Pins = { items: { pinned_at: string; message: JsonObject }[]; has_more: boolean }
    const pins = async (query = ''): Promise<Pins> =>
      (await client.get<Pins>(`/channels/${channel_id}/messages/pins${query}`)).body
    const { items } = await pins()
    expect(items.slice(0, 4).map(({ message }) => message.id)).toEqual(keys.map(({ id }) => id))
    const page = await pins('?limit=2')
    expect(page).toMatchObject({ has_more: true, items: items.slice(0, 2).map(({ pinned_at }) => ({ pinned_at })) })
    const next = await pins(`?limit=2&before=${encodeURIComponent(page.items[1]!.pinned_at)}`)
    expect(next.items.map(({ pinned_at }) => pinned_at)).toEqual(items.slice(2, 4).map(({ pinned_at }) => pinned_at))
    expect((await client.get(`/channels/${channel_id}/messages/pins?limit=51`)).status).toBe(400)
    expect((await client.list(`/channels/${channel_id}/pins`)).length).toBe(items.length)
    simulator.mutate.unpin(keys[0]!)
    expect((await pins()).items.length).toBe(items.length - 1)
    expect((await client.get(`/channels/${channel_id}`)).body.last_pin_timestamp).toBe(items[0]!.pinned_at)
  })
})
