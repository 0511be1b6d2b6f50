import { contentOf } from '../../support/truth.ts'
import { some } from '../game.ts'
import type { StoredVersion } from '../stored.ts'
import { type Check, covers, type Facts } from './facts.ts'
import type { ListedRow } from './stored.ts'

/** I11. When nothing is refused and nothing moves any more: every partition is read, and the tables are the tenant. */
export const equalsTruth: Check = (facts) => [...differences(facts), ...listDifferences(facts), ...uncovered(facts)]

function differences({ after, truth, tables, run }: Facts): string[] {
  const missing: string[] = []
  const different: string[] = []
  const ok = after!.coverage.filter(({ state }) => state === 'ok')
  for (const message of truth.messages.values()) {
    if (!tables.includes(message.table)) continue
    // The export leaves shared channels out; those that another mode has read before are read on.
    if (run.readMode === 'export' && message.isShared && !ok.some((line) => covers(line, message))) continue
    const held = current(after!.messages.get(message.table)?.get(message.key) ?? [])
    const truth = contentOf(message.json)
    if (held.length === 0) missing.push(message.key)
    else if (held.every(({ content }) => content !== truth))
      different.push(`${message.key}\n    held  ${held[0]!.content}\n    truth ${truth}`)
  }
  return [...some('missing messages', missing), ...some('different messages', different)]
}

/** What holds now: the open version, or of appended ones those of the latest time. */
function current(versions: readonly StoredVersion[]): readonly StoredVersion[] {
  const open = versions.filter(({ end }) => end == null)
  const latest = Math.max(...open.map(({ modified }) => modified))
  return open.filter(({ modified }) => modified === latest)
}

function listDifferences({ after, truth, tables, world, plan }: Facts): string[] {
  const { simulator } = world
  const expected: Record<string, Map<string, unknown>> = {
    teams: new Map(truth.teams.map(({ id, displayName }) => [id, displayName])),
    channels: new Map(
      truth.teams.flatMap((team) => team.channels.map((one) => [`${team.id}/${one.id}`, one.displayName] as const)),
    ),
    members: new Map([...simulator.truth.members()].map((one) => [`${one.team_id}/${one.id}`, one.json.displayName])),
    channel_members: new Map(
      [...simulator.truth.channelMembers()].map((one) => [
        `${one.team_id}/${one.channel_id}/${one.id}`,
        one.json.displayName,
      ]),
    ),
  }
  return Object.entries(expected).flatMap(([table, rows]) => {
    if (!tables.includes(table)) return []
    const held = after!.listed.get(table) ?? new Map<string, ListedRow[]>()
    const lacks = ([key, name]: [string, unknown]) => held.get(key)?.some((row) => row.name === name) !== true
    const missing = [...rows].filter(lacks).map(([key]) => key)
    // What was appended stays.
    const extra = plan.scdType === 'APPEND_ONLY' ? [] : [...held.keys()].filter((key) => !rows.has(key))
    return [...some(`${table} that lack or differ`, missing), ...some(`${table} too many`, extra)]
  })
}

/** Each place has a line that says ok, and no place has two. */
function uncovered({ after, truth, tables, run }: Facts): string[] {
  const problems: string[] = []
  for (const table of tables) {
    const lines = after!.coverage.filter(({ job, state }) => job === `microsoft_teams.${table}` && state !== 'gone')
    for (const team of truth.teams) {
      const whole = lines.filter(({ params }) => params.team_id === team.id && params.channel_id === undefined)
      if (['teams', 'channels', 'members'].includes(table)) {
        if (whole.length !== 1) problems.push(`${table} ${team.id} has ${whole.length} lines`)
        continue
      }
      for (const channel of team.channels) {
        const own = lines.filter(({ params }) => params.channel_id === channel.id)
        const isShared = channel.membershipType === 'shared'
        const count = own.length + (isShared ? 0 : whole.length)
        const optional = isShared && run.readMode === 'export'
        if (count !== 1 && !(optional && count === 0)) problems.push(`${table} ${channel.id} has ${count} lines`)
      }
    }
  }
  return some('coverage', problems)
}
