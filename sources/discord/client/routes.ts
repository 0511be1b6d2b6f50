/** Segments whose id has limits of its own (reference discord §8). */
const MAJOR: ReadonlySet<string> = new Set(['channels', 'guilds', 'webhooks'])

/** What a path counts against before Discord has told its bucket. */
export interface Route {
  /** Method and path with its ids left out: `GET channels/:id/messages`. Known paths only, so there are few. */
  template: string
  /** Id of the channel or guild that has the limit for itself; empty where the bot has one as a whole. */
  major: string
}

/**
 * The route of a path. Everything after `reactions` counts as one, and so do all ids but the first channel, guild or
 * webhook: `channels/1/messages/2/reactions/👍` is `GET channels/:id/messages/:id/reactions` of `1`.
 */
export function routeOf(method: string, path: readonly string[]): Route {
  const major = MAJOR.has(path[0] ?? '') ? (path[1] ?? '') : ''
  const end = path.indexOf('reactions')
  const known = end < 0 ? path : path.slice(0, end + 1)
  const template = known.map((segment) => (/^\d+$/.test(segment) ? ':id' : segment))
  return { template: `${method} ${template.join('/')}`, major }
}
