import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { botViewer, type Context, guildOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import { objectReply, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderChannel } from '../render/render_channel.ts'
import { renderEmoji, renderGuild, renderRole, renderSticker } from '../render/render_guild.ts'

/** A guild and what it holds that is never paged. */
export function guildRoutes(context: Context): Route[] {
  return [
    discordRoute(context, { name: 'guild', pattern: '/guilds/:guild', handle: getGuild }),
    discordRoute(context, {
      name: 'channels',
      pattern: '/guilds/:guild/channels',
      handle: (exchange) => listChannels(context, exchange),
    }),
    discordRoute(context, {
      name: 'roles',
      pattern: '/guilds/:guild/roles',
      handle: (exchange) => rowsReply(exchange, { rows: guildOf(exchange).roles, render: renderRole }),
    }),
    discordRoute(context, { name: 'role', pattern: '/guilds/:guild/roles/:role', handle: getRole }),
    discordRoute(context, { name: 'role_counts', pattern: '/guilds/:guild/roles/member-counts', handle: countRoles }),
    discordRoute(context, {
      name: 'emojis',
      pattern: '/guilds/:guild/emojis',
      handle: (exchange) => rowsReply(exchange, { rows: guildOf(exchange).emojis, render: renderEmoji }),
    }),
    discordRoute(context, {
      name: 'stickers',
      pattern: '/guilds/:guild/stickers',
      handle: (exchange) => {
        const guild = guildOf(exchange)
        return rowsReply(exchange, { rows: guild.stickers, render: (sticker) => renderSticker(guild, sticker) })
      },
    }),
  ]
}

function getGuild(exchange: Exchange): Reply {
  const params = new Params(exchange)
  const counts = params.boolean('with_counts')
  return params.refusal() ?? objectReply(exchange, renderGuild(guildOf(exchange), counts))
}

/** Every channel, threads never; those out of the bot's sight depend on the date (reference §5). */
function listChannels(context: Context, exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const viewer = botViewer(context, guild)
  const rows =
    context.settings.visibility === 'all_listed'
      ? guild.channels
      : guild.channels.filter((channel) => viewer.sees(channel))
  return rowsReply(exchange, { rows, render: renderChannel })
}

function getRole(exchange: Exchange): Reply {
  const role = guildOf(exchange).roles.find((other) => other.id === exchange.params.role)
  return role ? objectReply(exchange, renderRole(role)) : refuse(10011)
}

/** Members by role; @everyone is not among them. */
function countRoles(exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const counts = Object.fromEntries(guild.roles.filter((role) => role.id !== guild.id).map((role) => [role.id, 0]))
  for (const { roles } of guild.members.values()) for (const id of roles) if (counts[id] !== undefined) counts[id] += 1
  return objectReply(exchange, counts)
}
