import { hashNumbers, mix } from '../../../libs/simulator/random.ts'
import { type ChannelLog, chainModified } from './delta_log.ts'
import type { DeltaToken } from './delta_tokens.ts'
import type { Message } from './model.ts'

/**
 * A round goes through positions of the log in steps: the first step of a position is the chain that is there, the
 * others are where one of the chains before it may be shown again.
 */
export const STEPS = 16

export interface RoundPage {
  roots: Message[]
  /** Where the next page begins; undefined on the last one. */
  next: number | undefined
}

/** One page of a round. `replays` is the share of rows that come twice. */
export function readRound(log: ChannelLog, token: DeltaToken, replays: number, seed: number): RoundPage {
  const roots: Message[] = []
  const last = (token.end + (replays > 0 ? STEPS - 1 : 0)) * STEPS
  for (let place = token.place; place < last; place += replays > 0 ? 1 : STEPS) {
    const root = rootAt(log, token, place, replays, seed)
    if (!root) continue
    // Only a row that does not fit any more makes another page: the last page is never empty by arithmetic.
    if (roots.length === token.top) return { roots, next: place }
    roots.push(root)
  }
  return { roots, next: undefined }
}

/** The rows right before a page, oldest first, at most one page of them. */
export function rowsBefore(log: ChannelLog, token: DeltaToken): Message[] {
  const roots: Message[] = []
  for (
    let place = Math.floor(token.place / STEPS - 1) * STEPS;
    place >= 0 && roots.length < token.top;
    place -= STEPS
  ) {
    const root = rootAt(log, token, place, 0, 0)
    if (root) roots.unshift(root)
  }
  return roots
}

function rootAt(log: ChannelLog, token: DeltaToken, place: number, replays: number, seed: number): Message | undefined {
  const step = place % STEPS
  const position = Math.floor(place / STEPS) - step
  if (position < token.from || position >= token.end) return undefined
  const root = log.at(position)
  if (!root || (step > 0 && step !== replayStep(root, position, replays, seed))) return undefined
  const modified = chainModified(root)
  if (token.after !== null && modified <= token.after) return undefined
  return token.horizon !== null && modified < token.horizon ? undefined : root
}

/** How many positions later the row comes again; 0: it does not. */
function replayStep(root: Message, position: number, replays: number, seed: number): number {
  const draw = hashNumbers(root.id, position) ^ mix(seed)
  return mix(draw) / 4294967296 < replays ? 1 + (mix(draw + 1) % (STEPS - 1)) : 0
}
