import type { Refusal, Sighting } from '../../libs/connect/feed.ts'
import type { Instant } from '../../libs/connect/instant.ts'
import type { Coverage } from '../destinations/destination.ts'

/** Two looks that find a partition absent must lie this far apart, unless they are in two runs. */
const SECOND_LOOK_MS = 5 * 60_000

/** Code of a partition that its parent list no longer shows and that is not proven gone. */
export const NOT_FOUND = 'PARLEY_PARTITION_NOT_FOUND'

/** What to do about it. */
export const NOT_FOUND_REMEDY = 'Nothing, if it was deleted: the next run looks once more, and then leaves it alone.'

/** Code of a partition whose first read was broken off. */
export const UNDER_WAY = 'PARLEY_READ_UNFINISHED'

export interface PartitionIdentity {
  job: string
  partition: string
  /** JSON of the partition. */
  params: string
  run_id: string
}

/** The partition was read up to `until`. @param note how it is read, where that is worth telling */
export function coveredUntil(
  identity: PartitionIdentity,
  until: Instant,
  note: { code: string; message: string } | null = null,
): Coverage {
  const { code, message } = note ?? { code: null, message: null }
  return { ...identity, state: 'ok', synced_until: until, code, message, missing_since: null }
}

/** A read has begun that stores rows: should it be broken off, the partition is known all the same. */
export function isUnderWay(identity: PartitionIdentity): Coverage {
  const message = 'Its first read has not ended yet.'
  return { ...identity, state: 'behind', synced_until: null, code: UNDER_WAY, message, missing_since: null }
}

/** The read failed or ran out of time: it goes on at its cursor. */
export function fellBehind(
  identity: PartitionIdentity,
  before: Coverage | undefined,
  { code, message }: { code: string; message: string },
): Coverage {
  return {
    ...identity,
    code,
    message,
    state: 'behind',
    synced_until: before?.synced_until ?? null,
    missing_since: null,
  }
}

/** The API said no. Also with 404: only a look at a partition that its complete parent list lacks can begin to prove absence. */
export function wasRefused(identity: PartitionIdentity, before: Coverage | undefined, refusal: Refusal): Coverage {
  const { code, message } = refusal
  return {
    ...identity,
    code,
    message,
    state: 'refused',
    synced_until: before?.synced_until ?? null,
    missing_since: null,
  }
}

/**
 * A direct request answered 404. One such look proves nothing (lists and lookups lag in both directions): the
 * partition is `gone` at the second look, in another run or five minutes later; until then it counts as refused.
 */
export function wasAbsent(identity: PartitionIdentity, before: Coverage | undefined, now: Instant): Coverage {
  const missing_since = before?.missing_since ?? now
  const second =
    before?.missing_since != null && (before.run_id !== identity.run_id || now - before.missing_since >= SECOND_LOOK_MS)
  return {
    ...identity,
    state: second || before?.state === 'gone' ? 'gone' : 'refused',
    synced_until: before?.synced_until ?? null,
    code: NOT_FOUND,
    message: 'The API says it does not exist.',
    missing_since,
  }
}

/** What a direct look says about a partition that a complete list lacks; null: it is there, read it. */
export function afterLook(
  identity: PartitionIdentity,
  before: Coverage | undefined,
  sighting: Sighting,
  now: Instant,
): Coverage | null {
  if (sighting.state === 'present') return null
  if (sighting.state === 'refused') return wasRefused(identity, before, sighting.refusal)
  return wasAbsent(identity, before, now)
}
