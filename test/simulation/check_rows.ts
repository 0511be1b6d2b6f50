import { type Check, type Facts, some } from './facts.ts'
import type { StoredVersion } from './stored.ts'

/** I1. A key has one row; in a history one version at a time, in an append table one row for each content. */
export const noKeyTwice: Check = ({ after, plan: { scdType } }) => {
  if (after === null) return []
  const isWrong = scdType === 'SCD_TYPE_2' ? overlapping : scdType === 'APPEND_ONLY' ? repeated : doubled
  const keys = [...after.messages.values()].flatMap((table) => keysOf(table, isWrong))
  const listed = [...after.listed.values()].flatMap((table) =>
    keysOf(table, scdType === 'APPEND_ONLY' ? repeated : doubled),
  )
  return [...some('keys held twice', keys), ...some('listed keys held twice', listed)]
}

function keysOf<R>(table: Map<string, R[]>, isWrong: (rows: R[]) => boolean): string[] {
  return [...table].filter(([, rows]) => isWrong(rows)).map(([key]) => key)
}

const doubled = (rows: readonly unknown[]) => rows.length > 1

const repeated = (rows: readonly { hash: string }[]) => new Set(rows.map(({ hash }) => hash)).size < rows.length

/** Versions in order of their start: each ends where the next begins, or before; at most the last is open. */
function overlapping(versions: readonly StoredVersion[]): boolean {
  return versions.some(({ start, end }, index) => {
    const next = versions[index + 1]
    if (end != null && start != null && end <= start) return true
    return next !== undefined && (end == null || next.start == null || next.start < end)
  })
}

/** I2. Every row is a message that the tenant shows, or showed in a place that is gone. */
export const nothingInvented: Check = ({ after, truth, world }) => {
  const extra: string[] = []
  for (const table of after?.messages.values() ?? []) {
    for (const key of table.keys()) {
      const [team = '', channel = ''] = key.split('/')
      const isGone = world.removedTeams.has(team) || world.removedChannels.has(`${team}/${channel}`)
      if (!isGone && !truth.messages.has(key)) extra.push(key)
    }
  }
  return some('rows of no message', extra)
}

/** I4. No message row, and no version of one, vanishes or goes back; a listed row goes only when the tenant lacks it. */
export const nothingUndone: Check = (facts) => {
  const { before, after } = facts
  if (before === null || after === null) return []
  const vanished: string[] = []
  const older: string[] = []
  for (const [name, table] of before.messages) {
    for (const [key, versions] of table) {
      const now = after.messages.get(name)?.get(key)
      if (now === undefined) vanished.push(key)
      else if (newest(now) < newest(versions) || now.length < versions.length) older.push(key)
    }
  }
  return [
    ...some('message rows that vanished', vanished),
    ...some('rows that went back', older),
    ...some('listed rows that vanished', vanishedPlaces(facts)),
  ]
}

const newest = (versions: readonly StoredVersion[]) => Math.max(...versions.map(({ modified }) => modified))

function vanishedPlaces({ before, after, truth, world }: Facts): string[] {
  const lost: string[] = []
  for (const team of truth.teams) {
    if (world.everRemovedTeams.has(team.id)) continue
    const rows = [['teams', team.id], ...team.channels.map(({ id }) => ['channels', `${team.id}/${id}`])] as const
    for (const [table, key] of rows)
      if (before!.listed.get(table!)?.has(key!) === true && after!.listed.get(table!)?.has(key!) !== true)
        lost.push(key!)
  }
  return lost
}
