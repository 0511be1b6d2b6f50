import { some } from '../game.ts'
import { type State, sinceThen } from './chronicle.ts'
import { type Check, type Facts, isMeant, messageOf } from './facts.ts'
import type { DiscordVersion } from './stored.ts'

/** I2. Every row, and every version of one, is what Discord once showed of that key; none is of a time that an option leaves out. */
export const nothingInvented: Check = ({ after, truth: { chronicle }, plan }) => {
  const unknown: string[] = []
  const unwanted: string[] = []
  for (const [table, byKey] of [...(after?.messages ?? []), ...(after?.listed ?? [])])
    for (const [key, rows] of byKey) {
      const shown = new Set(chronicle.history(table, key).map(({ line }) => line))
      for (const { content } of rows) if (!shown.has(content)) unknown.push(`${table} ${content}`)
    }
  for (const [table, byKey] of after?.messages ?? [])
    for (const key of byKey.keys()) if (!isMeant(plan, messageOf(key).message)) unwanted.push(`${table} ${key}`)
  return [...some('rows that were never so', unknown), ...some('rows of another time', unwanted)]
}

/**
 * I4. No row of a message vanishes, and none goes back to what it was before; one is marked as deleted only when it is, and
 * a listed row goes only when it does.
 */
export const nothingUndone: Check = (facts) => {
  const { before, after } = facts
  if (after === null) return []
  const vanished: string[] = []
  const older: string[] = []
  for (const [table, byKey] of before?.messages ?? []) {
    for (const [key, versions] of byKey) {
      const now = after.messages.get(table)?.get(key)
      if (now === undefined) vanished.push(`${table} ${key}`)
      else if (now.length < versions.length || wentBack(facts, table, key, versions, now)) older.push(`${table} ${key}`)
    }
  }
  return [
    ...some('message rows that vanished', vanished),
    ...some('rows that went back', older),
    ...some('marked, but not deleted', marked(facts)),
    ...some('listed rows that vanished', vanishedRows(facts)),
  ]
}

/** The state that a key is held in: the open version, or of appended ones the last. */
export function currentOf(versions: readonly DiscordVersion[]): DiscordVersion | undefined {
  return versions.filter(({ end }) => end == null).at(-1)
}

/** It is held in a state that was over before the one that was held began. What is appended twice is written once. */
function wentBack(
  { truth: { chronicle }, plan }: Facts,
  table: string,
  key: string,
  before: readonly DiscordVersion[],
  after: readonly DiscordVersion[],
): boolean {
  if (plan.scdType === 'APPEND_ONLY') return false
  const lines = chronicle.history(table, key).map(({ line }) => line)
  const [was, is] = [currentOf(before), currentOf(after)]
  if (was === undefined || is === undefined) return was !== is
  return lines.lastIndexOf(is.content) < lines.indexOf(was.content)
}

/** What a run has marked was not there at some moment of it, or since. */
function marked({ before, after, truth: { chronicle }, outcome }: Facts): string[] {
  const wrong: string[] = []
  for (const [table, byKey] of after?.messages ?? []) {
    for (const [key, versions] of byKey) {
      if (currentOf(versions)?.deleted !== true || currentOf(before?.messages.get(table)?.get(key) ?? [])?.deleted)
        continue
      if (!wasAbsent(chronicle.history(table, key), outcome.began)) wrong.push(`${table} ${key}`)
    }
  }
  return wrong
}

const wasAbsent = (history: readonly State[], since: number) =>
  sinceThen(history, since).some(({ line }) => line === null)

function vanishedRows({ before, after, truth: { chronicle }, outcome }: Facts): string[] {
  return [...(before?.listed ?? [])].flatMap(([table, byKey]) =>
    [...byKey.keys()]
      .filter((key) => after!.listed.get(table)?.has(key) !== true)
      .filter((key) => !wasAbsent(chronicle.history(table, key), outcome.began))
      .map((key) => `${table} ${key}`),
  )
}
