import { stableStringify } from '../../libs/connect/json.ts'
import { NOT_FOUND } from '../../pipeline/sync/coverage.ts'
import { type Check, type Facts, some } from './game.ts'
import type { StoredCursor, StoredLine } from './stored.ts'

/** I5. How far a partition was read never moves back. */
export const neverBack: Check = ({ before, after }) => {
  const held = new Map(after?.coverage.map((line) => [nameOf(line), line]))
  const back = (before?.coverage ?? []).filter((line) => {
    const now = held.get(nameOf(line))
    return now !== undefined && (now.synced_until ?? -1) < (line.synced_until ?? -1)
  })
  return some('synced_until moved back', back.map(nameOf))
}

const nameOf = ({ job, partition }: { job: string; partition: string }) => `${job} ${partition}`

/** I6. Every line of coverage is in one of its four states, with what belongs to it. */
export const coverageIsLegal: Check = ({ after, game }) =>
  some(
    'lines of coverage that cannot be',
    (after?.coverage ?? []).filter((line) => !isLegal(line, game.notes)).map((line) => JSON.stringify(line)),
  )

function isLegal({ state, synced_until, code, missing_since }: StoredLine, notes: readonly string[]): boolean {
  switch (state) {
    case 'ok':
      return synced_until !== null && (code === null || notes.includes(code)) && missing_since === null
    case 'behind':
      return code !== null && missing_since === null
    case 'refused':
      return code !== null && (missing_since === null || code === NOT_FOUND)
    case 'gone':
      return code === NOT_FOUND && missing_since !== null
    default:
      return false
  }
}

/** Bytes of a cursor, far above what any of them needs. */
const MOST_CURSOR_BYTES = 32_768

/** I7. Every cursor is JSON in one stable form that its feed can read, bounded, and leads to the API's own host only. */
export const cursorsAreSound: Check = (facts) => {
  const { after } = facts
  const wrong = (after?.cursors ?? []).flatMap((stored) => {
    const problem = problemOf(stored, facts)
    return problem === null ? [] : [`${nameOf(stored)}: ${problem} in ${stored.text.slice(0, 500)}`]
  })
  const known = new Set(after?.cursors.map(nameOf))
  const lacking = (after?.coverage ?? []).filter((line) => line.state === 'ok' && !known.has(nameOf(line)))
  return [...some('cursors', wrong), ...some('read, but without a cursor', lacking.map(nameOf))]
}

function problemOf({ job, partition, text, cursor }: StoredCursor, { game, world, plan }: Facts): string | null {
  if (stableStringify(cursor) !== text) return 'another order of keys'
  if (typeof cursor.v !== 'number') return 'no version'
  if (text.length > MOST_CURSOR_BYTES) return `${text.length} bytes`
  const foreign = text.match(/https?:\/\/[^/"]+/g)?.find((host) => host !== world.simulator.origin)
  if (foreign !== undefined) return `a link to ${foreign}`
  try {
    game.checkCursor(job, partition, cursor, plan)
    return null
  } catch (error) {
    return String(error)
  }
}
