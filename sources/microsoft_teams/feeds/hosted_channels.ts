import { hash } from 'node:crypto'
import type { FeedRequest } from '../../../libs/connect/feed.ts'
import type { GraphApi } from '../client.ts'
import { asRefusal, isFailure } from './refusal.ts'
import { channelsOf, type ListedChannels, listChannels } from './team_channels.ts'

/** The channels that a team hosted at a moment. */
export interface ChannelList {
  /** Equal lists have equal digests. */
  digest: string
  ids: ReadonlySet<string>
}

/**
 * Which channels a team hosts, as far as walks over its messages need it: a channel that goes takes its rows out of
 * the list at once, what lies behind them moves up unseen, and nothing in the list of changes says so.
 */
export class HostedChannels {
  readonly #listed: () => Promise<ChannelList | undefined>
  readonly #list: () => Promise<ChannelList | undefined>
  #seen: ChannelList | undefined
  #isAsked = false

  /** @param signal of the read that these lists serve */
  constructor(connection: GraphApi, teamId: string, request: FeedRequest, signal: AbortSignal) {
    // Of a walk over the whole team every channel counts, also those that a filter leaves out.
    const { channel_filter: _, ...options } = request.options
    const args = { connection, options, session: request.session }
    const known = (list: Promise<ListedChannels>) => list.then(listOf).catch((error) => unknownAfter(error, signal))
    // A list that others of the session share does not end with this read, but this read does not wait for it.
    this.#listed = () => known(Promise.race([channelsOf(teamId, { ...args, signal: request.signal }), ended(signal)]))
    this.#list = () => known(listChannels(teamId, { ...args, signal }))
  }

  /** Digest of the latest list; undefined before the first, and where the API does not answer it. */
  get seen(): string | undefined {
    return this.#seen?.digest
  }

  /** False until there has been an answer. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  /** Makes `seen` tell of a list that is older than any walk that begins now; one that the run has already will do. */
  async before(): Promise<void> {
    const listed = await this.#listed()
    // Of lists that came meanwhile the latest one counts.
    if (!this.#isAsked) this.#seen = listed
    this.#isAsked = true
  }

  /** The list now; undefined where the API does not answer it. */
  async now(): Promise<ChannelList | undefined> {
    this.#seen = await this.#list()
    this.#isAsked = true
    return this.#seen
  }
}

/**
 * A channel that becomes a shared one leaves the export without leaving the list. A list with a nameless row proves
 * nothing: the next one may have another channel in its place.
 */
function listOf({ channels, nameless }: ListedChannels): ChannelList | undefined {
  if (nameless > 0) return undefined
  const facts = channels.map(({ id, membershipType }) => `${id} ${membershipType}`).sort()
  const digest = hash('sha256', JSON.stringify(facts), 'hex').slice(0, 16)
  return { digest, ids: new Set(channels.map(({ id }) => id)) }
}

/** Messages may be read where the list of channels is refused or fails: then nothing is proven by it. */
function unknownAfter(error: unknown, signal: AbortSignal): undefined {
  if (asRefusal(error) === null && !isFailure(error, signal)) throw error
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
