import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { options } from '../../../sources/discord/options.ts'
import { options as ofTeams } from '../../../sources/microsoft_teams/options.ts'
import { inTurn, ok, status } from '../http/http_harness.ts'
import type { Handler } from '../http/local_server.ts'
import { CALL, startDiscord, TOKEN } from './discord_server.ts'

const connection = { scope: 'connection', unknown: 'error' } as const
const reset: Handler = (_, __, socket) => {
  socket.destroy()
}
const half: Handler = (_, response, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
  response.write('[{"id":')
  setTimeout(() => socket.destroy(), 5)
}

describe('tries of a request', () => {
  it('are five, a second apart at first, and other sources keep their own', () => {
    expect(resolveOptions(options, { bot_token: 'x' }, connection)).toMatchObject({
      max_attempts: 5,
      retry_delay_ms: 1000,
      max_retry_seconds: 600,
    })
    const teams = resolveOptions(ofTeams, { tenant_id: 'x', client_id: 'y' }, connection)
    expect(teams).toMatchObject({ max_attempts: 8, retry_delay_ms: 500 })
  })

  it.each([
    ['a server that is down', status(502), 'status 502'],
    ['Cloudflare without its origin', status(522), 'status 522'],
    ['a connection that breaks', reset, 'PARLEY_NETWORK'],
    ['an answer that breaks off', half, 'PARLEY_NETWORK'],
  ])('end as unavailable, with the reason: %s', async (_, handler, last) => {
    await using discord = await startDiscord(handler)
    const error = await discord.client.get(['users', '@me'], {}, CALL).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', kind: 'source', details: { attempts: 5, last } })
    expect(error.message + error.remedy + JSON.stringify(error.details)).not.toContain(TOKEN)
    expect(discord.server.seen).toHaveLength(5)
    // Chance is 0.5: half of 1, 2, 4, 8 s.
    const waits = discord.runtime.events.filter((event) => event.type === 'retried').map((event) => event.wait_seconds)
    expect(waits).toEqual([0.5, 1, 2, 4])
  })

  it('go on when the trouble passes', async () => {
    await using discord = await startDiscord(inTurn(status(500), reset, half, ok))
    expect((await discord.client.get(['users', '@me'], {}, CALL)).body).toEqual({ value: [1] })
  })
})
