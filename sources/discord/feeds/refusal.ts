import { isPassingTrouble } from '../../../libs/connect/error.ts'
import type { Refusal, RefusedPartition, Sighting } from '../../../libs/connect/feed.ts'
import { DiscordError } from '../errors/discord_error.ts'

/** Answers that concern one guild or channel only: the others can be read. */
const REFUSING_STATUS: ReadonlySet<number> = new Set([403, 404])

/** The refusal an error stands for, or null when it means something else. */
export function asRefusal(error: unknown): Refusal | null {
  // What ends the run (an address that is blocked) is nobody's refusal.
  if (!(error instanceof DiscordError) || error.endsRun || !REFUSING_STATUS.has(error.status)) return null
  return { code: error.code, status: error.status, message: error.message, remedy: error.remedy }
}

/** An answer of no, or trouble that passes: neither must hide what others answer. @throws every other error */
export function refusalOrTrouble(
  error: unknown,
  signal: AbortSignal,
): Required<Pick<RefusedPartition, 'refusal' | 'failed'>> {
  signal.throwIfAborted()
  const refusal = asRefusal(error)
  if (refusal !== null) return { refusal, failed: false }
  if (!isPassingTrouble(error)) throw error
  const { code, message, remedy } = error
  return { refusal: { code, message, remedy, status: 0 }, failed: true }
}

/** The JSON code of "no such channel" (reference §9). Another 404 proves nothing: the guild may have shut us out. */
const UNKNOWN_CHANNEL = 10_003

/** True for the answer that a channel or thread does not exist. */
export function isUnknownChannel(error: unknown): boolean {
  return error instanceof DiscordError && error.discordCode === UNKNOWN_CHANNEL
}

/** What a direct request for a channel or thread says about it. */
export async function sightingOfChannel(request: Promise<unknown>): Promise<Sighting> {
  return sightingOf(request, UNKNOWN_CHANNEL)
}

/**
 * What a direct request says about a thing.
 * @param absent the JSON code of a 404 that means it does not exist
 */
export async function sightingOf(request: Promise<unknown>, absent: number): Promise<Sighting> {
  try {
    await request
    return { state: 'present' }
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null) throw error
    if (error instanceof DiscordError && error.discordCode === absent)
      return { state: 'absent', status: refusal.status }
    return { state: 'refused', refusal }
  }
}
