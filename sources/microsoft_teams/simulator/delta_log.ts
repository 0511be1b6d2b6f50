import { randomUUID } from 'node:crypto'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { Channel, Message } from './model.ts'

/** Newest creation or change of a reply chain, as far as it shows: the time that delta's filter and horizon look at. */
export function chainModified(root: Message): Instant {
  let newest = root.modified
  for (const reply of root.replies ?? []) newest = Math.max(newest, reply.modified)
  return newest
}

/**
 * What became visible in one channel, in that order, as roots of the reply chains it happened in. A position in the
 * log is what a delta token stands for; a chain counts at its newest position only, so that a chain which changes
 * while somebody reads a round leaves that round and comes in the next one.
 */
export class ChannelLog {
  #entries: Message[]
  #newest: Map<Message, number>

  /** Begins with the chains that are there already, the one changed longest ago first. */
  constructor(channel: Channel) {
    const times = new Map<Message, Instant>()
    for (const message of channel.all) if (message.shown && !message.root) times.set(message, chainModified(message))
    this.#entries = [...times.keys()].sort((a, b) => times.get(a)! - times.get(b)! || a.id - b.id)
    this.#newest = new Map(this.#entries.map((root, position) => [root, position]))
  }

  get length(): number {
    return this.#entries.length
  }

  /** The chain whose newest change is at this position, or undefined. */
  at(position: number): Message | undefined {
    const root = this.#entries[position]
    return root && this.#newest.get(root) === position ? root : undefined
  }

  touch(message: Message): void {
    const root = message.root ?? message
    this.#newest.set(root, this.#entries.length)
    this.#entries.push(root)
  }
}

/** The logs of all channels; one begins when it is first asked for, because before that nobody holds a token. */
export class DeltaLogs {
  /** Tokens are good for these logs only: positions of another simulator's mean nothing here, whatever its seed. */
  readonly secret = randomUUID()
  #logs = new WeakMap<Channel, ChannelLog>()

  of(channel: Channel): ChannelLog {
    let log = this.#logs.get(channel)
    if (!log) {
      log = new ChannelLog(channel)
      this.#logs.set(channel, log)
    }
    return log
  }

  /** A message became visible, or a visible one changed. */
  touch(message: Message): void {
    this.#logs.get(message.channel)?.touch(message)
  }
}
