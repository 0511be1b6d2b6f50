import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, channelOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import { findMessage } from '../message_list.ts'
import type { Guild, Message, User } from '../model.ts'
import { rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderUser } from '../render/render_user.ts'
import { compareIds } from '../snowflake.ts'
import { refuseAccess, refuseHistory } from './message_routes.ts'

/** Emojis that messages have and this call does not know (reference §3). */
export const UNLISTABLE = '⛷🏼'

/** How a unicode emoji begins: a picture, half a flag, or a key. */
const UNICODE_EMOJI = /^(\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3)/u

/** Who reacted, and who voted: by user id, never by time. */
export function reactionRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'reactions',
      pattern: '/channels/:channel/messages/:message/reactions/:emoji',
      handle: (exchange) => listReactors(context, exchange),
    }),
    discordRoute(context, {
      name: 'poll_answer',
      pattern: '/channels/:channel/polls/:message/answers/:answer',
      handle: (exchange) => listVoters(context, exchange),
    }),
  ]
}

function listReactors(context: Context, exchange: Exchange): Reply {
  const params = new Params(exchange)
  const type = params.choice('type', ['0', '1'], '0')
  const page = readPage(params)
  const found = params.refusal() ?? findIn(context, exchange)
  if ('status' in found) return found
  const emoji = exchange.params.emoji!
  if (!isKnown(context, found.place.guild, emoji)) return refuse(10014)
  const reaction = found.reactions?.find((other) =>
    other.emoji.id === null ? other.emoji.name === emoji : other.emoji.id === idOf(emoji),
  )
  const users = (type === '1' ? reaction?.burst : reaction?.normal) ?? []
  return rowsReply(exchange, { rows: cut(users, page), render: renderUser })
}

/** Any unicode emoji that is one, and custom ones (`name:id`) that still exist somewhere. */
function isKnown(context: Context, guild: Guild, emoji: string): boolean {
  const id = idOf(emoji)
  if (id === undefined) return emoji !== UNLISTABLE && UNICODE_EMOJI.test(emoji)
  return [guild, ...context.world.guilds].some(({ emojis }) => emojis.some((other) => other.id === id))
}

function idOf(emoji: string): string | undefined {
  return /^[^:]+:(\d+)$/.exec(emoji)?.[1]
}

function listVoters(context: Context, exchange: Exchange): Reply {
  const params = new Params(exchange)
  const page = readPage(params)
  const found = params.refusal() ?? findIn(context, exchange)
  if ('status' in found) return found
  const votes = found.extras?.poll?.votes[Number(exchange.params.answer) - 1]
  if (!votes) return refuse(10008)
  return rowsReply(exchange, {
    rows: cut(votes, page),
    render: renderUser,
    envelope: { name: 'users', rest: {} },
  })
}

interface UserPage {
  limit: number
  after: string | undefined
}

function readPage(params: Params): UserPage {
  return {
    limit: params.integer('limit', { default: 25, min: 1, max: 100 }),
    after: params.snowflake('after'),
  }
}

function findIn(context: Context, exchange: Exchange): Message | Reply {
  const channel = channelOf(exchange)
  const refusal = refuseAccess(context, channel) ?? refuseHistory(context, channel)
  return refusal ?? findMessage(channel.messages, exchange.params.message!) ?? refuse(10008)
}

function cut(users: readonly User[], { limit, after }: UserPage): User[] {
  return users
    .filter((user) => after === undefined || compareIds(user.id, after) > 0)
    .sort((a, b) => compareIds(a.id, b.id))
    .slice(0, limit)
}
