import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import type { Truth, TruthFilter } from './truth_types.ts'

const ROWS = [
  'guilds',
  'channels',
  'threads',
  'roles',
  'members',
  'emojis',
  'messages',
  'reactions',
  'attachments',
  'pins',
] as const

/**
 * `GET /_simulator/truth`: a line a message, or a line a row of `?rows=`; `?counts=true`, `?digest=true` and
 * `?gone=true` answer one object. `guild_id`, `channel_id` and `rights=visible` choose.
 */
export function answerTruth(truth: Truth, exchange: Exchange): Reply {
  const { query } = exchange
  const filter = readFilter(exchange)
  if (query.get('counts') === 'true') return { status: 200, body: truth.counts() }
  if (query.get('digest') === 'true') return { status: 200, body: { digest: truth.digest(filter) } }
  if (query.get('gone') === 'true') return { status: 200, body: truth.gone }
  const rows = ROWS.find((name) => name === (query.get('rows') ?? 'messages'))
  if (rows === undefined) throw new TypeError(`rows must be one of ${ROWS.join(', ')}.`)
  return { status: 200, lines: jsonLines(truth[rows](filter)) }
}

function readFilter({ query }: Exchange): TruthFilter {
  const guild_id = query.get('guild_id')
  const channel_id = query.get('channel_id')
  return {
    ...(guild_id === undefined ? {} : { guild_id }),
    ...(channel_id === undefined ? {} : { channel_id }),
    rights: query.get('rights') === 'visible' ? 'visible' : 'all',
  }
}

function* jsonLines(rows: Iterable<object>): Generator<string> {
  for (const row of rows) yield JSON.stringify(row)
}
