import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, guildOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import { objectReply, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderMember } from '../render/render_user.ts'
import { compareIds } from '../snowflake.ts'

/** Members of a guild. The whole list is for apps with the intent, one by one they are for all. */
export function memberRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'members',
      pattern: '/guilds/:guild/members',
      handle: (exchange) => listMembers(context, exchange),
    }),
    discordRoute(context, {
      name: 'member_search',
      pattern: '/guilds/:guild/members/search',
      handle: searchMembers,
    }),
    discordRoute(context, { name: 'member', pattern: '/guilds/:guild/members/:user', handle: getMember }),
  ]
}

/** One row where no limit is given. */
function listMembers(context: Context, exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 1, min: 1, max: 1000 })
  const after = params.snowflake('after') ?? '0'
  const refusal = params.refusal()
  if (refusal) return refusal
  if (!context.access.guildMembers) return refuse(50001)
  const all = guild.members.byId()
  const from = all.findIndex(({ user }) => compareIds(user.id, after) > 0)
  const rows = from < 0 ? [] : all.slice(from, from + limit)
  return rowsReply(exchange, { rows, render: (member) => renderMember(guild, member) })
}

/** Names that begin with the query, in any case. */
function searchMembers(exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 1, min: 1, max: 1000 })
  const query = params.text('query', { min: 1, max: 100 })
  if (query === undefined) params.fail('query', { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' })
  const refusal = params.refusal()
  if (refusal) return refusal
  const begins = (name: string | null): boolean => name?.toLowerCase().startsWith(query!.toLowerCase()) ?? false
  const rows = guild.members.byId().filter(({ user, nick }) => begins(user.username) || begins(nick))
  return rowsReply(exchange, { rows: rows.slice(0, limit), render: (member) => renderMember(guild, member) })
}

function getMember(exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const member = guild.members.get(exchange.params.user!)
  return member ? objectReply(exchange, renderMember(guild, member)) : refuse(10007)
}
