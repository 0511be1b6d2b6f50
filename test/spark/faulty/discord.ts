import { realClock, startDiscordSimulator } from '../../../sources/discord/simulator/index.ts'
import { serve } from '../../unit/http/local_server.ts'
import { FaultySimulator, LATER_MS, type World, type WorldFault } from './world.ts'

/** Of the form that Discord's tokens have: the bot's id, a time, a signature. */
const TOKEN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.kAnary.of-the-b0t_kAnary-of-the-bot'
const WRONG = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.kAnary.that-is-wr0ng_kAnary-that-is-wrong'

export async function startFaultyDiscord(): Promise<World> {
  const clock = realClock()
  const size = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 40, threadsPerChannel: 1, forums: 0, members: 5 }
  const dataset = { generated: { ...size, days: 5 } }
  const simulator = await startDiscordSimulator({ seed: 8, dataset, throttle: 'off', clock, token: TOKEN })
  const { mutate, truth } = simulator
  const faulty = new FaultySimulator(simulator, 'messages')
  const front = await faulty.front('Bot')
  const direct = { discord_base_url: simulator.origin }
  const texts = [...truth.channels()].filter(({ json }) => json.type === 0)
  const [closed, hidden] = texts.map(({ guild_id, id: channel_id }) => ({ guild_id, channel_id }))
  /** Threads lie below their channel. */
  const below = (id: string) =>
    new Set([id, ...[...truth.threads()].filter(({ json }) => json.parent_id === id).map((one) => one.id)])
  clock.advance(LATER_MS)
  return {
    connection: { ...simulator.connection, discord_base_url: front.origin, retry_delay_ms: '50' },
    direct,
    secrets: [TOKEN, WRONG],
    told: faulty.told,
    breakOnce: faulty.breakOnce,
    broken: faulty.broken,
    change() {
      for (const { guild_id, id: channel_id } of texts) {
        for (let i = 0; i < 3; i++) mutate.send({ guild_id, channel_id })
        mutate.edit({ guild_id, channel_id })
      }
      clock.advance(LATER_MS)
    },
    truth: () =>
      [...truth.messages()].map(({ guild_id, channel_id, id, json }) => {
        const edited = json.edited_timestamp
        const content = String(json.content).replaceAll('\0', '\ufffd').toWellFormed()
        return [guild_id, channel_id, id, typeof edited === 'string' ? Date.parse(edited) : null, content]
      }),
    faults: [
      {
        name: 'a wrong token',
        code: 'PARLEY_DISCORD_TOKEN_INVALID',
        remedy: /Set bot_token to the token of the page Bot/,
        begin: () => ({ bot_token: WRONG }),
        end: () => {},
      },
      {
        name: '50001 of one channel',
        code: 'PARLEY_DISCORD_PERMISSION_MISSING',
        remedy: /Give the role of the bot View Channel and Read Message History there/,
        ...faulty.during(
          { kind: 'status', status: 403, code: '50001' },
          `/api/v10/channels/${closed!.channel_id}/messages`,
        ),
        hides: ([, channel_id]) => channel_id === closed!.channel_id,
      },
      ...faulty.faults(direct),
      bannedByCloudflare(),
    ],
    vanishing: {
      begin: () => void mutate.hideChannel(hidden!),
      end: () => void mutate.showChannel(hidden!),
      hides: ([, channel_id]) => below(hidden!.channel_id).has(String(channel_id)),
    },
    async close() {
      await front.close()
      await simulator.close()
    },
  }
}

/** Plain text in place of the API, for many hours. */
function bannedByCloudflare(): WorldFault {
  let close = async () => {}
  return {
    name: '429 of Cloudflare in plain text',
    code: 'PARLEY_DISCORD_BANNED',
    remedy: /Run again after .*: it goes on where it stopped/,
    async begin() {
      const server = await serve((_, response) => {
        response.writeHead(429, { 'content-type': 'text/plain; charset=UTF-8', 'retry-after': '66271' })
        response.end('error code: 1015')
      })
      close = () => server.close()
      return { discord_base_url: server.origin }
    },
    end: () => close(),
  }
}
