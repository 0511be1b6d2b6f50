import { CursorInvalidError } from '../../../libs/connect/cursor_invalid_error.ts'
import type { Cursor } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { compareSnowflakes, floorSnowflake, isSnowflake, previousSnowflake } from '../snowflake.ts'

export const MESSAGE_CURSOR_VERSION = 1

/** A digest of how often which emoji was on a message, by message: of those that will be read again. */
export type KnownCounts = Record<string, string>

/** A channel that was read whole: messages of before `t`, as they were then or later. */
export interface ReadChannelCursor extends Cursor {
  v: 1
  /** When it was read; epoch ms. */
  t: Instant
  /** Messages of before this time were read, where `end_date` had passed at `t`; epoch ms. */
  e?: Instant
  /** The start that it was read from, epoch ms. */
  f: Instant
  /** The newest message that was there, or an id behind which none was, `0` where there was none at all; absent: nobody knows. */
  h?: string
  /** The newest message as the list of channels told then. */
  l?: string
  r?: KnownCounts
}

/** A walk through a channel, from the oldest message to the newest. */
export interface WalkingCursor extends Cursor {
  v: 1
  f: Instant
  /** The ceiling of the read that began the walk: what changed later is the next walk's. */
  s: Instant
  /** Messages up to this id were read. */
  at: string
  h?: string
  r?: KnownCounts
}

/** What a read of a channel has to do. */
export interface Walk {
  /** Exclusive. */
  after: string
  /** Exclusive: messages of `until` and later are the next read's, and those of `end_date` nobody's. */
  ceiling: string
  /** The time of the ceiling, where `end_date` has passed; epoch ms. */
  end: Instant | undefined
  start: Instant
  /** When the walk began; epoch ms. */
  since: Instant
  /** The newest message that earlier reads held. */
  held: string | undefined
  /** False: nothing is held of the channel. */
  isAgain: boolean
  known: KnownCounts
}

/** The read has nothing to do: it was done, or nothing can have changed that it would see. */
export type NothingToRead = null

/** @param listed the newest message as the list of channels tells now */
export function planWalk(
  cursor: Cursor | null,
  until: Instant,
  options: ResolvedOptions,
  listed: string | undefined,
): Walk | NothingToRead {
  const start = startOf(options)
  const beginning = previousSnowflake(floorSnowflake(start))
  const end = endOf(options, until)
  const walk = { ceiling: floorSnowflake(end ?? until), end, start, since: until, held: undefined, known: {} }
  if (cursor === null) return { ...walk, after: beginning, isAgain: false }
  const stored = checked(cursor)
  const again = { ...walk, held: stored.h, known: stored.r ?? {}, isAgain: true }
  // What an earlier start left out is in no cursor: from there once more.
  if (start < stored.f) return { ...again, after: beginning }
  if (isWalking(stored)) return { ...again, after: later(stored.at, beginning), since: Math.min(stored.s, until) }
  const wanted = end ?? until
  if (stored.t >= until && (stored.e === undefined || stored.e >= wanted)) return null
  // An end that was moved on begins where the last one was; else what is before it can still be edited.
  const seen = stored.e !== undefined && wanted > stored.e ? stored.e : stored.t
  const after = later(previousSnowflake(floorSnowflake(seen - rescanMs(options))), beginning)
  if (compareSnowflakes(after, previousSnowflake(walk.ceiling)) >= 0) return null
  // Nothing new, and nothing that is read again: neither edits nor deletions of older messages are looked for. What the
  // list of channels told of, and that of messages did not show yet, is waited for as long as a look reaches back to it.
  const isIdle =
    listed !== undefined &&
    listed === stored.l &&
    [listed, stored.h ?? '0'].every((id) => compareSnowflakes(id, after) <= 0)
  return isIdle ? null : { ...again, after }
}

/** How far back a read begins before the end of the last one, in ms: for edits, and for what is shown late. */
export function rescanMs({ edit_rescan_window, lookback_seconds }: ResolvedOptions): number {
  // A second at least: `until` is the end of the one that was still going on.
  return Math.max(Number(edit_rescan_window ?? 0), Number(lookback_seconds ?? 0), 1) * 1000
}

/** `end_date`, where it has passed. */
function endOf({ end_date }: ResolvedOptions, until: Instant): Instant | undefined {
  return typeof end_date === 'number' && end_date < until ? end_date : undefined
}

/** The cursor of a channel that was read whole at `t` with these options, for runtimes that keep the time only. */
export function readAt(t: Instant, options: ResolvedOptions): ReadChannelCursor {
  return { v: MESSAGE_CURSOR_VERSION, t, f: startOf(options) }
}

export function startOf({ start_date }: ResolvedOptions): Instant {
  return typeof start_date === 'number' ? start_date : 0
}

const later = (a: string, b: string) => (compareSnowflakes(a, b) > 0 ? a : b)

function isWalking(cursor: Cursor): cursor is WalkingCursor {
  return isSnowflake(cursor.at)
}

/** @throws CursorInvalidError */
function checked(cursor: Cursor): ReadChannelCursor | WalkingCursor {
  const time = isWalking(cursor) ? cursor.s : cursor.t
  const isValid = cursor.v === MESSAGE_CURSOR_VERSION && Number.isSafeInteger(time) && Number.isSafeInteger(cursor.f)
  if (!isValid || (cursor.h !== undefined && !isSnowflake(cursor.h)))
    throw new CursorInvalidError(cursor, MESSAGE_CURSOR_VERSION)
  return cursor as ReadChannelCursor | WalkingCursor
}
