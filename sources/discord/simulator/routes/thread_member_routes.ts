import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { isThread } from '../channel_kinds.ts'
import { type Context, channelOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import type { Channel, Thread } from '../model.ts'
import { objectReply, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderThreadMember } from '../render/render_channel.ts'
import { renderMember } from '../render/render_user.ts'
import { compareIds } from '../snowflake.ts'

/** Who is in a thread; behind the members intent. */
export function threadMemberRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'thread_members',
      pattern: '/channels/:channel/thread-members',
      handle: (exchange) => listThreadMembers(context, exchange),
    }),
    discordRoute(context, {
      name: 'thread_member',
      pattern: '/channels/:channel/thread-members/:user',
      handle: getThreadMember,
    }),
  ]
}

/** Pages only together with the members themselves; else all at once. */
function listThreadMembers(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 100, min: 1, max: 100 })
  const after = params.snowflake('after') ?? '0'
  const whole = params.boolean('with_member')
  const refusal = params.refusal()
  if (refusal) return refusal
  if (!isThread(channel)) return refuse(50024)
  if (!context.access.guildMembers) return refuse(50001)
  const all = [...channel.thread.members.keys()].sort(compareIds)
  const rows = whole ? all.filter((id) => compareIds(id, after) > 0).slice(0, limit) : all
  return rowsReply(exchange, { rows, render: (id) => renderJoined(channel, id, whole)! })
}

function getThreadMember(exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const whole = params.boolean('with_member')
  const refusal = params.refusal()
  if (refusal) return refusal
  if (!isThread(channel)) return refuse(50024)
  const joined = renderJoined(channel, exchange.params.user!, whole)
  return joined ? objectReply(exchange, joined) : refuse(10007)
}

function renderJoined(channel: Channel & { thread: Thread }, id: string, whole: boolean): JsonObject | undefined {
  const joined = renderThreadMember(channel, id)
  const member = whole ? channel.guild.members.get(id) : undefined
  return joined && member ? { ...joined, member: renderMember(channel.guild, member) } : joined
}
