import type { Fault, FaultRule } from '../../../libs/simulator/fault_plan.ts'
import { drawOddValue, drawRetryAfter, drawWhen, drawWireFault, ELSEWHERE } from '../draw_common.ts'
import type { Draw } from '../drawing.ts'

const READING = ['messages', 'messages', 'messages', 'reactions', 'pins'] as const
const LISTING = [
  'my_guilds',
  'channels',
  'active_threads',
  'archived_public',
  'archived_private',
  'archived_joined',
  'members',
  'roles',
  'emojis',
] as const
/** Answers of one object, most of them about whether something is there. */
const LOOKING = ['guild', 'member', 'channel', 'channel', 'message'] as const
const BOT = ['me', 'application'] as const

type Route = (typeof READING)[number] | (typeof LISTING)[number] | (typeof LOOKING)[number] | (typeof BOT)[number]

/** Faults of one run. Each rule ends by itself: after so often, or after so long. */
export function drawFaults(draw: Draw): FaultRule[] {
  return draw.list(1, 5, () => {
    const route = drawRoute(draw)
    const fault = drawFault(draw, route)
    return { route, ...drawWhen(draw), ...(isLieAboutMessages(route, fault) ? { query: 'after=' } : {}), fault }
  })
}

function drawRoute(draw: Draw): Route {
  const group = draw.between(1, 10)
  if (group <= 5) return draw.of(...READING)
  if (group <= 8) return draw.of(...LISTING)
  return group === 9 ? draw.of(...LOOKING) : draw.of(...BOT)
}

/** Looks at the end of a channel ask without `after`: who lies to those as well deceives everybody. */
const isLieAboutMessages = (route: Route, fault: Fault) => route === 'messages' && fault.kind === 'empty_page'

const isOneOf = (routes: readonly string[], route: string) => routes.includes(route)
const isList = (route: Route) => isOneOf(READING, route) || isOneOf(LISTING, route)

function drawFault(draw: Draw, route: Route): Fault {
  switch (draw.between(1, isList(route) ? 11 : 7)) {
    case 1:
    case 2:
    case 3:
      return drawThrottle(draw)
    case 4:
      return drawStatus(draw, route)
    case 5:
    case 6:
      return drawWireFault(draw)
    case 7:
      return drawReply(draw, route)
    default:
      return drawPageFault(draw, route)
  }
}

function drawThrottle(draw: Draw): Fault {
  const scope = draw.of('user', 'user', 'global', 'shared')
  return { kind: 'throttle', retry_after: drawRetryAfter(draw), status: draw.of(429, 429, 503), scope }
}

/** Cloudflare has numbers of its own. */
const BROKEN = [500, 502, 503, 504, 520, 522, 530] as const

type Refused = [status: number, code?: string]

/** Answers no, or says that something is not there: never of what a direct look would be believed. */
const REFUSALS: Readonly<Partial<Record<Route, readonly [Refused, ...Refused[]]>>> = {
  messages: [[403, '50001'], [403, '50013'], [404, '10003'], [404], [400, '50024'], [400]],
  reactions: [
    [400, '10014'],
    [404, '10008'],
    [403, '50001'],
  ],
  pins: [[403, '50001'], [404, '10003'], [404]],
  // Some servers are unknown for days while their channels can be listed.
  guild: [[404, '10004'], [403, '50001'], [404]],
  channels: [[403, '50001'], [404]],
  member: [[403, '50001'], [404]],
  channel: [[403, '50001'], [403, '50013'], [404]],
  message: [[403, '50001'], [404]],
  my_guilds: [[403, '50001']],
  me: [
    [403, '50001'],
    [403, '40333'],
  ],
}

const USUAL: readonly [Refused, ...Refused[]] = [[403, '50001'], [403, '50013'], [404], [400]]

function drawStatus(draw: Draw, route: Route): Fault {
  // Its wait is that of one request; who has given that up asks for the same page again later, and does not know of it.
  if (draw.chance(0.1)) return { kind: 'status', status: 202, code: '110000', retry_after: null }
  // Where Discord does not tell the intents, messages are read as they come.
  if (route === 'application' || draw.chance(0.4))
    return { kind: 'status', status: draw.of(...BROKEN), retry_after: null }
  const [status, code] = draw.of(...(REFUSALS[route] ?? USUAL))
  return { kind: 'status', status, retry_after: null, ...(code === undefined ? {} : { code }) }
}

function drawReply(draw: Draw, route: Route): Fault {
  switch (draw.between(1, 6)) {
    case 1:
      return { kind: 'token_expired' }
    case 2:
      return { kind: 'redirect', location: `${ELSEWHERE}/api/v10/users/@me` }
    default:
      return { kind: 'malformed', body: drawBody(draw, route) }
  }
}

/** No JSON of the right shape: an empty list would be one, and say that nothing is there. */
function drawBody(draw: Draw, route: Route): string {
  const isObject = !isList(route) || /^(active|archived)_|^pins$/.test(route)
  return draw.of('', '<html>', '[{"id":', 'null', '17', isObject ? '[]' : '{}', isObject ? '["x"]' : '{"id":"1"}')
}

/** Discord's pages have no links: nothing to repeat, and nothing that leads elsewhere. */
function drawPageFault(draw: Draw, route: Route): Fault {
  switch (draw.between(1, 4)) {
    case 1:
      return canSeemEmpty(route) ? { kind: 'empty_page' } : { kind: 'shuffle' }
    case 2:
      return { kind: 'overlap', rows: draw.between(1, 5) }
    case 3:
      return { kind: 'shuffle' }
    default:
      return drawHostileRow(draw, route)
  }
}

/** What these lack is asked for in another way. An empty list of roles, emojis or users is believed. */
export function canSeemEmpty(route: string): boolean {
  return !isOneOf(['roles', 'emojis', 'reactions'], route)
}

/** Spoils what the checks do not compare: rows that the API hides are lost for all. */
function drawHostileRow(draw: Draw, route: Route): Fault {
  const odd = drawOddValue(draw)
  const column = route === 'messages' ? draw.of('tts', 'nonce', 'activity', 'unheardOf') : draw.of('icon', 'unheardOf')
  return { kind: 'hostile_row', row: draw.between(0, 3), set: { [column]: odd } }
}
