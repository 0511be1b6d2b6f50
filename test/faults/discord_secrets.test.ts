import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DiscordWorld } from '../support/discord_world.ts'
import { Canaries, tell } from './support/canaries.ts'
import { type Front, startFront } from './support/front.ts'

/** Of the form that Discord's tokens have: the bot's id, a time, a signature. */
const TOKEN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.kAnary.of-the-b0t_kAnary-of-the-bot'
const WRONG = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.kAnary.that-is-wr0ng_kAnary-that-is-wrong'
const VERBOSE = [
  ['--progress', 'json', '--output', 'json'],
  ['--progress', 'plain', '--output', 'text'],
]

let world: DiscordWorld
let front: Front
let canaries: Canaries
beforeEach(async () => {
  const size = { guilds: 2, channelsPerGuild: 1, messagesPerChannel: 30, threadsPerChannel: 1, forums: 0, members: 5 }
  world = await DiscordWorld.start({ token: TOKEN, dataset: { generated: { ...size, days: 5 } } })
  canaries = new Canaries(world)
  canaries.secrets.set('token', TOKEN).set('wrong token', WRONG)
  // A service as careless as can be: whatever it was told, it tells in its errors, in every form.
  front = await startFront(world, {
    rewriteError: (text, { headers }) => tell(text, [String(headers.authorization).slice(4)], headers.authorization),
    headers: ({ headers }) => ({
      'x-ratelimit-bucket': String(headers.authorization),
      'retry-after': `${headers.authorization} later`,
    }),
  })
})
afterEach(async () => {
  await front.close()
  await world.close()
})

const command = (connection: Record<string, unknown> = {}) =>
  world.command({ discord_base_url: front.origin, max_attempts: 2, retry_delay_ms: 10, ...connection })

async function syncs(what: string, args = command(), ways = VERBOSE): Promise<void> {
  world.pass(2_000)
  for (const flags of ways) await canaries.run(`${what} ${flags}`, ['sync', ...args, ...flags])
}

describe('no output, file or table holds the token', () => {
  it('when everything goes well', async () => {
    await syncs('sync')
    const connection = ['--connection', join(world.folder, 'connection.json')]
    await canaries.run('check', ['check', 'discord', ...connection])
    await canaries.run('read', ['read', 'discord', 'messages', '--limit', '5', ...connection])
    await canaries.run('status', ['status', '--destination', `duckdb:${world.database}`, '--output', 'json'])
    expect(canaries.codes).toEqual([0, 0, 0, 0, 0])
    await canaries.expectNoLeak()
  })

  it('when the service tells it back in every error', async () => {
    await syncs('first sync')
    world.simulator.mutate.hideChannel()
    await syncs('a channel refused')
    const location = `https://elsewhere.test/${encodeURIComponent(TOKEN)}?s=${TOKEN}`
    const faults = [
      { kind: 'status', status: 400 },
      { kind: 'status', status: 403, message: 'no' },
      { kind: 'status', status: 500 },
      { kind: 'redirect', location },
      { kind: 'malformed', body: `[{"id": ${TOKEN}` },
    ] as const
    for (const [index, fault] of faults.entries()) {
      world.simulator.setFaults({ rules: [{ route: 'messages', fault }] })
      await syncs(JSON.stringify(fault).slice(0, 40), command(), [VERBOSE[index % 2]!])
    }
    world.simulator.setFaults({ rules: [{ route: 'me', fault: { kind: 'status', status: 403, message: 'no' } }] })
    await syncs('/users/@me 403')
    // They were told, and were taken out: else this test would prove nothing.
    expect(canaries.outputs.filter(({ text }) => text.includes('[redacted]')).length).toBeGreaterThan(3)
    expect(canaries.codes.filter((code) => code !== 0).length).toBeGreaterThan(6)
    await canaries.expectNoLeak()
  })

  it('when it is wrong, misplaced, badly written, or comes from the environment', async () => {
    await syncs('wrong', command({ bot_token: WRONG }))
    await syncs('as an unknown option', command({ bot_tokn: TOKEN }))
    await syncs('as another option', command({ max_attempts: TOKEN }))
    await syncs('in an origin', command({ discord_base_url: `https://user:${TOKEN}@discord.com` }))
    await syncs('as a list', command({ bot_token: [TOKEN] }))
    await syncs('of two words', command({ bot_token: `${TOKEN} ${TOKEN}` }))
    const args = command()
    writeFileSync(join(world.folder, 'connection.json'), `{"bot_token": "${TOKEN}",, }`, { mode: 0o600 })
    await syncs('broken JSON', args)
    expect(
      canaries.codes.every((code) => code === 2 || code === 3),
      JSON.stringify(canaries.codes),
    ).toBe(true)
    const [spec, ...rest] = command()
    const without = rest.filter((word) => word !== '--connection' && !word.endsWith('connection.json'))
    const env = { PARLEY_DISCORD_BOT_TOKEN: TOKEN, PARLEY_DISCORD_DISCORD_BASE_URL: front.origin }
    await canaries.run('environment', ['sync', spec!, ...without, ...VERBOSE[0]!], env)
    expect(canaries.codes.at(-1)).toBe(0)
    await canaries.expectNoLeak()
  })
})
