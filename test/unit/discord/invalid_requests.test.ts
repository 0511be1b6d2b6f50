import { describe, expect, it } from 'vitest'
import { accountOf } from '../../../sources/discord/client/account.ts'
import { InvalidRequests, invalidRequestsOf } from '../../../sources/discord/client/invalid_requests.ts'
import { json } from '../http/local_server.ts'
import { CALL, startDiscord, TOKEN } from './discord_server.ts'

const NOW = 1_800_000_000_000

describe('the count of invalid requests', () => {
  it('warns once at half and stops at four fifths', () => {
    const counter = new InvalidRequests()
    const told = Array.from({ length: 8001 }, (_, n) => counter.add(NOW + n * 10))
    expect(told.indexOf('half')).toBe(4999)
    expect(told.lastIndexOf('half')).toBe(4999)
    expect(told.indexOf('spent')).toBe(7999)
    expect(told.at(-1)).toBe('spent')
  })

  it('forgets after ten minutes, and not before', () => {
    const counter = new InvalidRequests()
    for (let n = 0; n < 4000; n++) counter.add(NOW)
    expect(counter.count(NOW + 599_999)).toBe(4000)
    expect(counter.count(NOW + 610_000)).toBe(0)
  })

  it('never stops below a rate that Discord bears', () => {
    const counter = new InvalidRequests()
    // 13 a second are 7,800 in ten minutes, and 7,930 with what is forgotten late.
    for (let n = 0; n < 40_000; n++) expect(counter.add(NOW + n * (1000 / 13))).not.toBe('spent')
  })

  it('warns again after it has recovered', () => {
    const counter = new InvalidRequests()
    for (let n = 0; n < 5000; n++) counter.add(NOW)
    for (let n = 0; n < 4999; n++) expect(counter.add(NOW + 700_000)).toBe('fine')
    expect(counter.add(NOW + 700_000)).toBe('half')
  })

  it('knows when there is room again', () => {
    const counter = new InvalidRequests()
    for (let n = 0; n < 4000; n++) counter.add(NOW)
    for (let n = 0; n < 4000; n++) counter.add(NOW + 300_000)
    const at = counter.recoversAt(NOW + 300_000)
    expect(counter.count(at)).toBe(4000)
    expect(at - NOW).toBeGreaterThanOrEqual(600_000)
    expect(at - NOW).toBeLessThanOrEqual(620_000)
  })
})

describe('the count of a bot', () => {
  it('is one for all clients of a process, and another for another bot or API', () => {
    const count = invalidRequestsOf('http://one.test', '1')
    expect(invalidRequestsOf('http://one.test', '1')).toBe(count)
    expect(invalidRequestsOf('http://one.test', '2')).not.toBe(count)
    expect(invalidRequestsOf('http://other.test', '1')).not.toBe(count)
  })

  it('is forgotten only by a process that uses 64 others', () => {
    const [old, used] = [invalidRequestsOf('http://old.test', '1'), invalidRequestsOf('http://used.test', '1')]
    for (let n = 0; n < 64; n++) {
      invalidRequestsOf(`http://${n}.test`, '1')
      expect(invalidRequestsOf('http://used.test', '1')).toBe(used)
    }
    expect(invalidRequestsOf('http://old.test', '1')).not.toBe(old)
  })
})

describe('a client', () => {
  it('goes on counting where the client of the run before ended', async () => {
    await using discord = await startDiscord((_, response) =>
      json(response, 403, { message: 'Missing Access', code: 50_001 }),
    )
    const before = invalidRequestsOf(discord.server.origin, accountOf({ bot_token: TOKEN }))
    for (let n = 0; n < 7998; n++) before.add(discord.runtime.now())
    const ask = () => discord.client.get(['channels', '1'], {}, { signal: CALL.signal })
    await expect(ask()).rejects.toMatchObject({ code: 'PARLEY_DISCORD_PERMISSION_MISSING' })
    await expect(ask()).rejects.toMatchObject({ code: 'PARLEY_DISCORD_INVALID_REQUESTS', details: { count: 8000 } })
  })

  it('warns, and stops before the address is banned', async () => {
    await using discord = await startDiscord(
      (_, response) => json(response, 403, { message: 'Missing Access', code: 50_001 }),
      { options: { global_requests_per_second: 10_000 } },
    )
    const call = { signal: CALL.signal }
    let last: { code?: string; kind?: string; details?: { until: string } } = {}
    for (let n = 0; n < 400; n++) {
      const ids = Array.from({ length: 25 }, (_, index) => String(n * 25 + index))
      const ends = await Promise.allSettled(ids.map((id) => discord.client.get(['channels', id], {}, call)))
      const end = ends.at(-1)!
      if (end.status === 'rejected') last = end.reason
    }
    expect(discord.server.seen.length).toBeGreaterThanOrEqual(8000)
    expect(discord.server.seen.length).toBeLessThan(8050)
    expect(last).toMatchObject({ code: 'PARLEY_DISCORD_INVALID_REQUESTS', kind: 'source', endsRun: true })
    expect(Date.parse(last.details!.until)).toBeGreaterThan(discord.runtime.now())
    const warnings = discord.runtime.events.filter(({ type }) => type === 'warning')
    expect(warnings).toMatchObject([{ code: 'PARLEY_DISCORD_INVALID_REQUESTS', details: { count: 5000 } }])
  })

  it('does not count what others do to a channel, nor what does not exist', async () => {
    let asked = 0
    await using discord = await startDiscord(
      (_, response) => {
        const shared = { 'retry-after': '1', 'x-ratelimit-scope': 'shared' }
        if (++asked % 2 === 0) json(response, 404, { message: 'Unknown Channel', code: 10_003 })
        else json(response, 429, { message: 'x', retry_after: 1 }, shared)
      },
      { options: { global_requests_per_second: 10_000, max_throttle_seconds: 86_400 } },
    )
    const call = { signal: CALL.signal }
    for (let n = 0; n < 60; n++) {
      const ids = Array.from({ length: 100 }, (_, index) => String(n * 100 + index))
      await Promise.allSettled(ids.map((id) => discord.client.get(['channels', id], {}, call)))
    }
    expect(asked).toBeGreaterThanOrEqual(12_000)
    expect(discord.runtime.events.filter(({ type }) => type === 'warning')).toEqual([])
  })
})
