import { some } from '../game.ts'
import type { StoredLine } from '../stored.ts'
import { type Check, covers, type Facts, type TrueMessage } from './facts.ts'

const SETTLE_MS = 60_000

/**
 * I3. What coverage claims is held: every change stamped before a partition's `synced_until` is in the table, in that
 * version or a later one. Changes that the API shows later than a read waits for are the next read's: they lie within
 * the margin.
 */
export const claimsHold: Check = (facts) => {
  const { after, truth } = facts
  if (after === null) return []
  const margin = marginOf(facts)
  const missing: string[] = []
  const older: string[] = []
  const lines = after.coverage.filter(({ state, synced_until }) => state !== 'gone' && synced_until !== null)
  for (const message of truth.messages.values()) {
    const claim = lines.find((line) => covers(line, message) && message.modified < line.synced_until! - margin)
    if (claim === undefined) continue
    const held = after.messages.get(message.table)?.get(message.key)
    if (held === undefined) missing.push(describe(message, claim))
    else if (held.every(({ modified }) => modified < message.modified)) older.push(describe(message, claim))
  }
  return [...some('claimed but not held', missing), ...some('claimed but held in an older version', older)]
}

/** How long before a ceiling a change may be stamped and yet be invisible when the read begins. */
export function marginOf({ plan }: Pick<Facts, 'plan'>): number {
  return Math.max(0, Math.max(plan.world.lateVisibilityMs ?? 0, 1_000) - SETTLE_MS)
}

function describe({ key, modified }: TrueMessage, { partition, state, synced_until }: StoredLine): string {
  const times = [modified, synced_until!].map((at) => new Date(at).toISOString())
  return `${key} changed ${times[0]}, but ${partition} is ${state} until ${times[1]}`
}
