import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiscordSimulator, startDiscordSimulator, virtualClock } from '../../../sources/discord/simulator/index.ts'
import { compareIds, idFloor, timeOfId } from '../../../sources/discord/simulator/snowflake.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let channel: string
/** Oldest first. */
let all: string[]

beforeAll(async () => {
  const dataset = { generated: { guilds: 1, channelsPerGuild: 8, messagesPerChannel: 230 } }
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off', dataset })
  client = discordClient(simulator)
  channel = [...simulator.truth.channels()].find(({ json }) => json.name === 'talk-1')!.id
  all = [...simulator.truth.messages({ channel_id: channel })].map(({ id }) => id)
})
afterAll(() => simulator.close())

const page = async (query: string): Promise<string[]> =>
  idsOf(await client.list(`/channels/${channel}/messages?${query}`))

describe('a page of messages', () => {
  it('holds the newest 50 without a cursor, newest first', async () => {
    expect(await page('')).toEqual(all.slice(-50).reverse())
  })

  it('after: those closest to the id, that is the oldest ones, newest first all the same', async () => {
    expect(await page('after=0&limit=3')).toEqual(all.slice(0, 3).reverse())
    expect(await page(`after=${all[9]}&limit=5`)).toEqual(all.slice(10, 15).reverse())
    expect(await page(`after=${all.at(-2)}&limit=5`)).toEqual(all.slice(-1))
    expect(await page(`after=${all.at(-1)}`)).toEqual([])
  })

  it('before: those closest below the id', async () => {
    expect(await page(`before=${all[9]}&limit=5`)).toEqual(all.slice(4, 9).reverse())
    expect(await page(`before=${all[2]}&limit=5`)).toEqual(all.slice(0, 2).reverse())
    expect(await page('before=0')).toEqual([])
  })

  it('around: both sides of the id, and the id itself', async () => {
    const rows = await page(`around=${all[100]}&limit=10`)
    expect(rows).toContain(all[100])
    expect(rows).toEqual(all.slice(95, 105).reverse())
    expect(await page(`around=${all[0]}&limit=4`)).toContain(all[0])
  })

  it('takes cursors that no message has, such as those made from a time', async () => {
    const at = timeOfId(all[40]!)
    const from = (BigInt(idFloor(at)) - 1n).toString()
    const rows = await page(`after=${from}&limit=1`)
    expect(timeOfId(rows[0]!)).toBe(at)
    expect(compareIds(rows[0]!, from)).toBeGreaterThan(0)
  })

  it.each(['after', 'before'])('walks the whole channel once by %s', async (direction) => {
    const rows: string[] = []
    for (let cursor = direction === 'after' ? '0' : '9223372036854775807'; ; ) {
      const ids = await page(`${direction}=${cursor}&limit=100`)
      if (ids.length === 0) break
      rows.push(...(direction === 'after' ? ids.toReversed() : ids))
      cursor = direction === 'after' ? ids[0]! : ids.at(-1)!
    }
    expect(direction === 'after' ? rows : rows.toReversed()).toEqual(all)
  })

  it('equals the truth, apart from signatures', async () => {
    const rows = await client.walk(channel)
    const truth = new Map([...simulator.truth.messages({ channel_id: channel })].map(({ id, json }) => [id, json]))
    expect(rows.length).toBe(truth.size)
    for (const row of rows) {
      const bare = JSON.parse(
        JSON.stringify(row)
          .replaceAll(/\?ex=[^"]*"/g, '"')
          .replaceAll(/external\/[^/]+\/https/g, 'external/https'),
      )
      expect(bare).toEqual(truth.get(row.id as string))
    }
  })

  it('rows are never gateway rows: no guild_id and no member', async () => {
    for (const row of await client.list(`/channels/${channel}/messages`)) {
      expect(row).not.toHaveProperty('guild_id')
      expect(row).not.toHaveProperty('member')
    }
  })
})

describe('what is asked wrongly', () => {
  it.each([
    ['limit=101', 'limit', 'NUMBER_TYPE_MAX', 'int value should be less than or equal to 100.'],
    ['limit=0', 'limit', 'NUMBER_TYPE_MIN', 'int value should be greater than or equal to 1.'],
    ['limit=ten', 'limit', 'NUMBER_TYPE_COERCE', 'Value "ten" is not int.'],
    ['after=yesterday', 'after', 'NUMBER_TYPE_COERCE', 'Value "yesterday" is not snowflake.'],
  ])('%s is refused with the field named', async (query, field, code, message) => {
    const { status, body } = await client.get(`/channels/${channel}/messages?${query}`)
    expect(status).toBe(400)
    expect(body).toEqual({
      message: 'Invalid Form Body',
      code: 50035,
      errors: { [field]: { _errors: [{ code, message }] } },
    })
  })

  it('names every field that is wrong', async () => {
    const { body } = await client.get(`/channels/${channel}/messages?limit=0&before=x`)
    expect(Object.keys(body.errors as object)).toEqual(['limit', 'before'])
  })

  it('two cursors exclude each other', async () => {
    const { status, body } = await client.get(`/channels/${channel}/messages?after=0&before=${all[5]}`)
    expect(status).toBe(400)
    expect(body.code).toBe(50035)
  })

  it('one message: 404 10008 where there is none, 50035 where the id is no id', async () => {
    expect((await client.get(`/channels/${channel}/messages/${all[3]}`)).body.id).toBe(all[3])
    expect(await client.get(`/channels/${channel}/messages/1`)).toMatchObject({ status: 404, body: { code: 10008 } })
    expect(await client.get(`/channels/${channel}/messages/abc`)).toMatchObject({ status: 400, body: { code: 50035 } })
  })
})

describe('ids', () => {
  it('have 17 to 19 digits and are unique and in order', () => {
    const ids = [...simulator.truth.messages()].map(({ id }) => id)
    expect(new Set(ids).size).toBeGreaterThan(ids.length - 20) // starters share the id of their thread, not of a message
    for (const id of ids) expect(id).toMatch(/^\d{17,19}$/)
    expect(all).toEqual(all.toSorted(compareIds))
  })

  it('give the timestamp', () => {
    for (const { id, json } of simulator.truth.messages({ channel_id: channel }))
      expect(Date.parse(json.timestamp as string)).toBe(timeOfId(id))
  })
})
