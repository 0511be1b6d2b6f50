import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { botViewer, type Context } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import type { Guild } from '../model.ts'
import { objectReply, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderPartialGuild } from '../render/render_guild.ts'
import { renderSelf, renderUser } from '../render/render_user.ts'
import { compareIds } from '../snowflake.ts'

/** The bot, its application, its guilds, and users by id. */
export function userRoutes(context: Context): Route[] {
  const { access, world } = context
  return [
    discordRoute(context, {
      name: 'me',
      pattern: '/users/@me',
      handle: (exchange) => objectReply(exchange, renderSelf(access)),
    }),
    discordRoute(context, {
      name: 'application',
      pattern: '/applications/@me',
      handle: (exchange) => objectReply(exchange, renderApplication(context)),
    }),
    discordRoute(context, {
      name: 'my_guilds',
      pattern: '/users/@me/guilds',
      handle: (exchange) => listGuilds(context, exchange),
    }),
    discordRoute(context, {
      name: 'user',
      pattern: '/users/:user',
      handle: (exchange) => {
        const user = world.userById(exchange.params.user!)
        return user ? objectReply(exchange, renderUser(user)) : refuse(10013)
      },
    }),
  ]
}

/** Guilds of the bot by id; `before` alone gives the last ones before it. */
function listGuilds(context: Context, exchange: Exchange): Reply {
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 200, min: 1, max: 200 })
  const before = params.snowflake('before')
  const after = params.snowflake('after')
  const counts = params.boolean('with_counts')
  const refusal = params.refusal()
  if (refusal) return refusal
  const { id } = context.access.bot
  const mine = context.world.guilds
    .filter((guild) => guild.members.has(id))
    .filter((guild) => before === undefined || compareIds(guild.id, before) < 0)
    .filter((guild) => after === undefined || compareIds(guild.id, after) > 0)
    .sort((a, b) => compareIds(a.id, b.id))
  const rows = before !== undefined && after === undefined ? mine.slice(-limit) : mine.slice(0, limit)
  const render = (guild: Guild): JsonObject =>
    renderPartialGuild(guild, botViewer(context, guild).base, guild.ownerId === id, counts)
  return rowsReply(exchange, { rows, render })
}

function renderApplication({ access, world }: Context): JsonObject {
  const flags = access.flags()
  return {
    id: access.applicationId,
    name: access.bot.username,
    icon: null,
    description: 'Reads conversations',
    type: null,
    bot: renderUser(access.bot),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: access.applicationId.padStart(64, '0'),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: renderUser(world.users.find((user) => !user.bot) ?? access.bot),
    approximate_guild_count: world.guilds.filter((guild) => guild.members.has(access.bot.id)).length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  }
}
