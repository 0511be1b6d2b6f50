import { hash } from 'node:crypto'
import { isParleyError } from '../../../libs/connect/error.ts'
import type { FeedRequest } from '../../../libs/connect/feed.ts'
import type { GraphApi } from '../client.ts'
import { asRefusal } from './refusal.ts'
import { type ChannelFacts, channelsOf, listChannels } from './team_channels.ts'

/**
 * Which channels a team hosts, as far as walks over its messages need it: a channel that goes takes its rows out of
 * the list at once, what lies behind them moves up unseen, and nothing in the list of changes says so.
 */
export class HostedChannels {
  readonly #listed: () => Promise<string | undefined>
  readonly #list: () => Promise<string | undefined>
  #seen: string | undefined
  #isAsked = false

  constructor(connection: GraphApi, teamId: string, { options, session, signal }: FeedRequest) {
    // Of a walk over the whole team every channel counts, also those that a filter leaves out.
    const { channel_filter: _, ...all } = options
    const args = { connection, options: all, session, signal }
    const known = (list: Promise<ChannelFacts[]>) => list.then(digestOf).catch((error) => unknownAfter(error, signal))
    this.#listed = () => known(channelsOf(teamId, args))
    this.#list = () => known(listChannels(teamId, args))
  }

  /** Digest of the latest list; undefined before the first, and where the API does not answer it. */
  get seen(): string | undefined {
    return this.#seen
  }

  /** False until `before` has been called. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  /** Makes `seen` hold a list that is older than any walk that begins now; one that the run has already will do. */
  async before(): Promise<void> {
    if (!this.#isAsked) this.#seen = await this.#listed()
    this.#isAsked = true
  }

  /** The digest now. */
  async now(): Promise<string | undefined> {
    this.#seen = await this.#list()
    this.#isAsked = true
    return this.#seen
  }
}

function digestOf(channels: readonly ChannelFacts[]): string {
  const ids = channels.map(({ id }) => id).sort()
  return hash('sha256', JSON.stringify(ids), 'hex').slice(0, 16)
}

/** Messages may be read where the list of channels is refused or fails: then nothing is proven by it. */
function unknownAfter(error: unknown, signal: AbortSignal): undefined {
  const isOfList = asRefusal(error) !== null || (isParleyError(error) && error.kind === 'source')
  if (!isOfList || signal.aborted) throw error
}
