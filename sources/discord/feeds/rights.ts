import type { Refusal } from '../../../libs/connect/feed.ts'
import { VOICE } from './channel_types.ts'
import { overwritesOf, PERMISSIONS, permissionsIn, type Standing } from './permissions.ts'

/** What reading the messages of a channel takes, with the names that Discord shows. */
function missingRights(bits: bigint, type: unknown): string[] {
  const needs: [bigint, string][] = [
    [PERMISSIONS.viewChannel, 'View Channel'],
    [PERMISSIONS.readHistory, 'Read Message History'],
    ...(VOICE.has(type) ? ([[PERMISSIONS.connect, 'Connect']] as [bigint, string][]) : []),
  ]
  return needs.filter(([bit]) => (bits & bit) === 0n).map(([, name]) => name)
}

/**
 * Why the messages of a channel cannot be read, or null: without Read Message History Discord answers empty lists with
 * the status of a success (reference §3), so this is found out by reckoning, not by asking.
 */
export function refusalIn(standing: Standing, channel: Readonly<Record<string, unknown>>): Refusal | null {
  const missing = missingRights(permissionsIn(standing, overwritesOf(channel)), channel.type)
  if (missing.length === 0) return null
  const names = missing.join(' and ')
  const place = `channel ${String(channel.name ?? channel.id)}`
  if (standing.timedOut) return timedOut(names, place)
  return {
    code: 'PARLEY_DISCORD_PERMISSION_MISSING',
    status: 403,
    message: `The bot lacks ${names} in ${place}.`,
    remedy: `Give a role of the bot ${names} there, in the settings of the channel or of its server.`,
  }
}

/** Who is timed out keeps View Channel and Read Message History alone, whatever the roles give (reference §3). */
function timedOut(names: string, place: string): Refusal {
  return {
    code: 'PARLEY_DISCORD_PERMISSION_MISSING',
    status: 403,
    message: `The bot is in a time-out, and lacks ${names} in ${place}.`,
    remedy: 'Lift the time-out, or wait for its end: the next sync reads on.',
  }
}

/** True when private threads can be listed without being in them. */
export function mayManageThreads(standing: Standing, channel: Readonly<Record<string, unknown>>): boolean {
  return (permissionsIn(standing, overwritesOf(channel)) & PERMISSIONS.manageThreads) !== 0n
}
