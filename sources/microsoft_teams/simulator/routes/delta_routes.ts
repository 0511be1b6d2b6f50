import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { applyPageFault } from '../../../../libs/simulator/page_faults.ts'
import { type PageRow, pageText } from '../../../../libs/simulator/page_json.ts'
import { hashNumbers } from '../../../../libs/simulator/random.ts'
import { type Context, preferences } from '../context.ts'
import { readRound, rowsBefore, STEPS } from '../delta_round.ts'
import { type DeltaToken, writeDeltaToken } from '../delta_tokens.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute } from '../graph_route.ts'
import type { Channel, Message } from '../model.ts'
import { renderThread } from '../render_thread.ts'
import { readDeltaRequest } from './delta_request.ts'

/** Every so many pages is empty where rows come twice. */
const EMPTY_EVERY = 6

/** `…/messages/delta` of one channel (reference §2.5): rounds of reply chains that were created or changed. */
export function deltaRoutes(context: Context): Route[] {
  return [
    graphRoute(context, {
      name: 'delta',
      pattern: '/teams/:team/channels/:channel/messages/delta',
      handle: (exchange) => answerDelta(context, exchange),
    }),
  ]
}

function answerDelta(context: Context, exchange: Exchange): Reply {
  if (context.settings.delta === 'unsupported') {
    return badRequest(exchange, 'Invalid request. Delta query is not supported by this resource.')
  }
  const channel = channelOf(context, exchange)
  if (!channel) return refuse(exchange, 404)
  const token = readDeltaRequest(context, exchange, channel)
  return 'status' in token ? token : deltaPage(context, exchange, channel, token)
}

function deltaPage(context: Context, exchange: Exchange, channel: Channel, token: DeltaToken): Reply {
  const { deltaReplays } = context.settings
  const log = context.tenant.deltaLogs.of(channel)
  const { seed } = context.tenant
  const empty = deltaReplays > 0 && token.nonce === 0 && hashNumbers(token.place, seed) % EMPTY_EVERY === 0
  const read = empty ? { roots: [], next: token.place } : readRound(log, token, deltaReplays, seed)
  const options = { ...preferences(exchange), typed: true, replies: token.expand }
  const render =
    (root: Message): PageRow =>
    () =>
      renderThread(context, exchange, root, options)
  const skip = (place: number, nonce: number): string =>
    deltaLink(context, exchange, channel, { ...token, kind: 'skip', place, nonce })
  const page = applyPageFault(
    {
      rows: read.roots.map(render),
      next: read.next === undefined ? undefined : skip(read.next, empty ? ++nonces : 0),
      here: `${exchange.origin}${exchange.rawUrl}`,
      again: () => skip(token.place, ++nonces),
      before: () => rowsBefore(log, token).map(render),
    },
    exchange.fault,
  )
  exchange.rows = page.rows.length
  const link =
    page.next === undefined
      ? { '@odata.deltaLink': roundLink(context, exchange, channel, token) }
      : { '@odata.nextLink': page.next }
  const metadata = `${exchange.origin}/v1.0/$metadata#Collection(chatMessage)`
  return { status: 200, text: pageText({ '@odata.context': metadata, ...link }, page.rows) }
}

/** Where the next round begins: at the end of this one. Two rounds never share a link. */
function roundLink(context: Context, exchange: Exchange, channel: Channel, token: DeltaToken): string {
  const place = token.end * STEPS
  const link = deltaLink(context, exchange, channel, {
    ...token,
    kind: 'delta',
    from: token.end,
    place,
    horizon: null,
    nonce: ++nonces,
  })
  const { fault } = exchange
  return fault?.kind === 'foreign_link' ? link.replace(exchange.origin, fault.origin) : link
}

function deltaLink(context: Context, exchange: Exchange, channel: Channel, token: DeltaToken): string {
  const text = writeDeltaToken({ ...token, issuedAt: exchange.at }, context.tenant.deltaLogs.secret)
  const path = `/teams/${channel.team.id}/channels/${channel.id}/messages/delta`
  return `${exchange.origin}/v1.0${path}?$${token.kind}token=${text}`
}

let nonces = 0
