import { type Check, some } from './game.ts'
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
