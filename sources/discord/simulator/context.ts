import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { Exchange } from '../../../libs/simulator/exchange.ts'
import type { Random } from '../../../libs/simulator/random.ts'
import type { SimulatorServer } from '../../../libs/simulator/server.ts'
import type { Access } from './access.ts'
import type { Cloudflare } from './cloudflare.ts'
import type { Channel, Guild } from './model.ts'
import type { LimitOptions } from './types.ts'
import { Viewer } from './visibility.ts'
import type { World } from './world.ts'

/** Options after defaults. */
export interface Settings {
  throttle: 'documented' | 'off'
  limits: Required<
    Pick<LimitOptions, 'messages' | 'buckets' | 'global' | 'headerless' | 'misleading' | 'absurdResetAfter'>
  >
  visibility: 'hidden_omitted' | 'all_listed'
  shortPages: number
  staleListsMs: number
  lateVisibilityMs: number
  signedUrlSeconds: number
}

/** What every call of the simulator works with. */
export interface Context {
  world: World
  access: Access
  cloudflare: Cloudflare
  settings: Settings
  clock: SimClock
  random: Random
  server(): SimulatorServer
}

/** The bot's sight of a guild at the time of a request. */
export function botViewer(context: Context, guild: Guild): Viewer {
  return new Viewer(guild, guild.members.get(context.access.bot.id), context.clock.now())
}

const CHANNEL_KEY = 'channel'
const GUILD_KEY = 'guild'

/** What admission found at the ids of the path. */
export function rememberChannel(exchange: Exchange, channel: Channel): void {
  exchange.state.set(CHANNEL_KEY, channel)
}

export function rememberGuild(exchange: Exchange, guild: Guild): void {
  exchange.state.set(GUILD_KEY, guild)
}

/** The channel of the path; admission has seen to it that it is there and in sight. */
export function channelOf(exchange: Exchange): Channel {
  return exchange.state.get(CHANNEL_KEY) as Channel
}

/** The guild of the path; admission has seen to it that the bot is in it. */
export function guildOf(exchange: Exchange): Guild {
  return exchange.state.get(GUILD_KEY) as Guild
}
