import { some } from '../game.ts'
import type { StoredVersion } from '../stored.ts'
import type { Check, Facts } from './facts.ts'

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
