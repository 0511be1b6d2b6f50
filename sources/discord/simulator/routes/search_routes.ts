import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { isThread } from '../channel_kinds.ts'
import { botViewer, type Context, channelOf, guildOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import type { Channel, Guild, Message } from '../model.ts'
import { Params } from '../params.ts'
import { renderMessage } from '../render/render_message.ts'
import { apiView } from '../render/view.ts'
import { compareIds } from '../snowflake.ts'
import { refuseList, threadsReply } from './thread_routes.ts'

/** No page begins beyond this, whatever there is (reference §3). */
const MAX_OFFSET = 9975

const PAGE = 25

/** Searches: of messages by what they hold, of threads by name. */
export function searchRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'message_search',
      pattern: '/guilds/:guild/messages/search',
      handle: (exchange) => searchMessages(context, exchange),
    }),
    discordRoute(context, {
      name: 'thread_search',
      pattern: '/channels/:channel/threads/search',
      handle: (exchange) => searchThreads(context, exchange),
    }),
  ]
}

/**
 * Each hit is a list of its own, and has no reactions; needs the content intent. What is looked at are content, author_id,
 * min_id, max_id and channel_id; relevance is time.
 */
function searchMessages(context: Context, exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: PAGE, min: 1, max: PAGE })
  const offset = params.integer('offset', { default: 0, min: 0, max: MAX_OFFSET })
  const descends = params.choice('sort_order', ['asc', 'desc'], 'desc') === 'desc'
  const fits = readFilter(params)
  const channels = new Set(params.snowflakes('channel_id'))
  const refusal = params.refusal()
  if (refusal) return refusal
  if (!context.access.messageContent) return refuse(50001)
  const hits = searchable(context, guild)
    .filter((place) => channels.size === 0 || channels.has(place.id))
    .flatMap((place) => place.messages.filter(fits))
    .sort((a, b) => (descends ? compareIds(b.id, a.id) : compareIds(a.id, b.id)))
  const view = apiView(context, exchange.origin)
  const rows = hits.slice(offset, offset + limit)
  exchange.rows = rows.length
  const messages = rows.map((message) => {
    const { reactions: _, ...row } = renderMessage(view, message)
    return [{ ...row, hit: true }]
  })
  return { status: 200, body: { messages, doing_deep_historical_index: false, total_results: hits.length } }
}

function readFilter(params: Params): (message: Message) => boolean {
  const content = params.text('content', { min: 0, max: 1024 })?.toLowerCase()
  const authors = new Set(params.snowflakes('author_id'))
  const min = params.snowflake('min_id')
  const max = params.snowflake('max_id')
  return ({ id, author, content: text }) =>
    (content === undefined || text.toLowerCase().includes(content)) &&
    (authors.size === 0 || authors.has(author.id)) &&
    (min === undefined || compareIds(id, min) > 0) &&
    (max === undefined || compareIds(id, max) < 0)
}

/** Where the bot may read. */
function searchable(context: Context, guild: Guild): Channel[] {
  const viewer = botViewer(context, guild)
  return [...guild.channels, ...guild.threads].filter((place) => viewer.enters(place) && viewer.readsHistory(place))
}

/** In the API's description and nowhere in its docs. */
function searchThreads(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: PAGE, min: 1, max: PAGE })
  const offset = params.integer('offset', { default: 0, min: 0, max: MAX_OFFSET })
  const name = params.text('name', { min: 0, max: 100 })?.toLowerCase() ?? ''
  const archived = params.choice('archived', ['true', 'false', 'any'], 'any')
  const refusal = params.refusal() ?? refuseList(context, channel, 0n)
  if (refusal) return refusal
  const viewer = botViewer(context, channel.guild)
  const hits = context.world.threads
    .of(channel)
    .filter((thread) => isThread(thread) && viewer.sees(thread) && thread.name.toLowerCase().includes(name))
    .filter(({ thread }) => archived === 'any' || thread.archived === (archived === 'true'))
    .sort((a, b) => compareIds(b.lastMessageId ?? b.id, a.lastMessageId ?? a.id))
  const rows = hits.slice(offset, offset + limit)
  return threadsReply(context, exchange, rows, hits.length > offset + limit, { total_results: hits.length })
}
