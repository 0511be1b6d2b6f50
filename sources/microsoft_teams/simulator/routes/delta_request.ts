import type { Instant } from '../../../../libs/connect/instant.ts'
import type { Exchange, Reply } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import { STEPS } from '../delta_round.ts'
import { type DeltaToken, readDeltaToken } from '../delta_tokens.ts'
import { badRequest, refuse } from '../errors.ts'
import type { Channel } from '../model.ts'
import { option, parseModifiedRange, readTop, unsupportedOption } from '../odata.ts'

/** The first round goes back eight months, here 240 days. */
const HORIZON_MS = 240 * 86_400_000

const BAD_DELTA_TOKEN = "Parameter 'DeltaToken' not supported for this request."
const BAD_SKIP_TOKEN = 'Invalid continuation token specified.'

/** Which page of which round a request wants, or its refusal. */
export function readDeltaRequest(context: Context, exchange: Exchange, channel: Channel): DeltaToken | Reply {
  const deltaToken = option(exchange, 'deltatoken')
  const skipToken = option(exchange, 'skiptoken')
  // An empty $deltatoken, as in the Location of a 410, begins from nothing.
  if (skipToken === undefined && !deltaToken) return firstRequest(context, exchange, channel)
  if (unsupportedOption(exchange, deltaToken ? ['deltatoken'] : ['skiptoken'])) {
    return badRequest(exchange, deltaToken ? BAD_DELTA_TOKEN : BAD_SKIP_TOKEN)
  }
  const kind = deltaToken ? 'delta' : 'skip'
  const token = readDeltaToken(deltaToken ?? skipToken!, context.tenant.deltaLogs.secret)
  const { length } = context.tenant.deltaLogs.of(channel)
  if (token?.kind !== kind || token.channel !== channel.id || token.end > length) {
    return badRequest(exchange, deltaToken ? BAD_DELTA_TOKEN : BAD_SKIP_TOKEN)
  }
  const { deltaTokenSeconds, pageTokenSeconds } = context.settings
  const age = exchange.at - token.issuedAt
  if (age > deltaTokenSeconds * 1000) return expired(context, exchange, channel)
  if (kind === 'skip') return age > pageTokenSeconds * 1000 ? badRequest(exchange, BAD_SKIP_TOKEN) : token
  return { ...token, kind: 'skip', end: length, place: token.from * STEPS, nonce: 0 }
}

function firstRequest(context: Context, exchange: Exchange, channel: Channel): DeltaToken | Reply {
  const unsupported = unsupportedOption(exchange, ['top', 'filter', 'expand', 'deltatoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const { pageSize, pageSizeMax } = context.settings
  const top = readTop(exchange, pageSize, pageSizeMax)
  if (typeof top === 'string') return badRequest(exchange, top)
  const expand = option(exchange, 'expand')
  if (expand !== undefined && expand !== 'replies')
    return badRequest(exchange, `Parameter 'Expand' not supported for '${expand}'.`)
  const filter = option(exchange, 'filter')
  const after = filter === undefined ? null : readAfter(filter)
  if (after === undefined) return badRequest(exchange, 'Invalid filter clause')
  return {
    kind: 'skip',
    channel: channel.id,
    from: 0,
    end: context.tenant.deltaLogs.of(channel).length,
    place: 0,
    after,
    horizon: exchange.at - HORIZON_MS,
    top,
    expand: expand === 'replies',
    issuedAt: exchange.at,
    nonce: 0,
  }
}

/** `lastModifiedDateTime gt t` and nothing else. */
function readAfter(filter: string): Instant | undefined {
  const range = parseModifiedRange(filter)
  return range && Number.isFinite(range.after) && range.before === Number.POSITIVE_INFINITY ? range.after : undefined
}

/** How long tokens of Teams live, and how their end is told, is not documented: all documented ways exist. */
function expired(context: Context, exchange: Exchange, channel: Channel): Reply {
  switch (context.settings.deltaExpiry) {
    case 'bad_request':
      return badRequest(exchange, BAD_DELTA_TOKEN)
    case 'not_found':
      return refuse(exchange, 404)
    default: {
      const path = `/teams/${channel.team.id}/channels/${channel.id}/messages/delta`
      return { ...refuse(exchange, 410), headers: { Location: `${exchange.origin}/v1.0${path}?$deltatoken=` } }
    }
  }
}
