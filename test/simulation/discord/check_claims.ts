import { some } from '../game.ts'
import { currentOf } from './check_rows.ts'
import { type State, sinceThen } from './chronicle.ts'
import { type Check, type Facts, isMeant, isOfMessages, messageOf } from './facts.ts'

/**
 * I3. What coverage claims is held: every message that was sent before `synced_until`, and every change before that of
 * messages that the read saw again; what hangs on a channel that is gone is marked. Of lists everything that was there.
 */
export const claimsHold: Check = (facts) => {
  if (facts.after === null) return []
  const { tables } = facts.plan
  return [
    ...tables.filter(isOfMessages).flatMap((table) => messageClaims(facts, table)),
    ...tables.filter((table) => !isOfMessages(table)).flatMap((table) => listClaims(facts, table)),
    ...some('of a place that is gone, but not marked', unmarked(facts)),
  ]
}

function messageClaims(facts: Facts, table: string): string[] {
  const { truth, plan } = facts
  const job = `discord.${table}`
  const missing: string[] = []
  const older: string[] = []
  for (const [key, history] of truth.chronicle.of(table)) {
    const { place, message } = messageOf(key)
    if (!isMeant(plan, message)) continue
    const sent = truth.claims.sentUntil(job, place)
    if (sent === null || isGone(facts, job, place)) continue
    const held = heldOf(facts, table, key)
    // Reactions come later than their message, and unlike it are not new.
    if (
      held.length === 0 &&
      table !== 'message_reactions' &&
      sinceThen(history, sent).every(({ line }) => line !== null)
    )
      missing.push(`${key}, claimed until ${iso(sent)}`)
    const seen = truth.claims.seenUntil(job, place, message)
    if (seen === null) continue
    const states = sinceThen(history, seen)
    if (!isOneOf(states, held))
      older.push(
        `${key}, claimed until ${iso(seen)}\n    held  ${held.at(-1)}\n    truth ${states.map(({ line }) => line)}`,
      )
  }
  return [
    ...some(`${table} claimed but not held`, missing),
    ...some(`${table} claimed but held in an older state`, older),
  ]
}

/** The states that a table holds of a key as those of now; null: marked as deleted. Append knows no order of states that come back. */
function heldOf({ after, plan }: Facts, table: string, key: string): (string | null)[] {
  const versions = after!.messages.get(table)?.get(key) ?? []
  const current = currentOf(versions)
  const counted = plan.scdType === 'APPEND_ONLY' ? versions : current === undefined ? [] : [current]
  return counted.map(({ content, deleted }) => (deleted ? null : content))
}

/** What is not held, or marked, is as good as what is not there. */
function isOneOf(states: readonly State[], held: readonly (string | null)[]): boolean {
  return states.some(({ line }) => (line === null ? held.length === 0 || held.includes(null) : held.includes(line)))
}

const iso = (time: number) => new Date(time).toISOString()

function isGone({ after }: Facts, job: string, place: string): boolean {
  return after!.coverage.some((line) => line.job === job && line.partition === place && line.state === 'gone')
}

/** Rows that the bot may be kept from seeing: they are compared where it has seen everything since before the list was asked for. */
const GUARDED = ['channels', 'threads', 'pins']

function listClaims(facts: Facts, table: string): string[] {
  const { after, truth, plan } = facts
  const { openSince } = truth.chronicle
  const job = `discord.${table}`
  const missing: string[] = []
  // A list without the threads of an archive that nobody told of is read to its end all the same.
  const isNarrowed = after!.coverage.some(
    (line) => line.job === job && line.params.archive_of !== undefined && line.state !== 'ok',
  )
  if (isNarrowed) return []
  for (const [key, history] of truth.chronicle.of(table)) {
    const [guild = '', place = ''] = key.split('/')
    const listed = truth.claims.listedAt(job, table === 'pins' ? place : guild)
    if (listed === null || (GUARDED.includes(table) && (openSince === null || openSince > listed))) continue
    const states = sinceThen(history, listed - (table === 'threads' ? (plan.world.staleListsMs ?? 0) : 0))
    const rows = after!.listed.get(table)?.get(key) ?? []
    // What a list lacks is asked for, and stays where nobody says.
    const isThere = states.every(({ line }) => line !== null)
    if (isThere && !states.some(({ line }) => rows.some(({ content }) => content === line)))
      missing.push(`${key}, listed at ${iso(listed)}`)
  }
  return some(`${table} listed but not held`, missing)
}

function unmarked({ after, plan }: Facts): string[] {
  const gone = new Set(
    after!.coverage.filter(({ state }) => state === 'gone').map(({ job, partition }) => `${job} ${partition}`),
  )
  return plan.tables.filter(isOfMessages).flatMap((table) =>
    [...(after!.messages.get(table) ?? [])]
      .filter(([key]) => gone.has(`discord.${table} ${messageOf(key).place}`))
      .filter(([, versions]) => currentOf(versions)?.deleted !== true)
      .map(([key]) => `${table} ${key}`),
  )
}
