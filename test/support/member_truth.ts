import type { TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { query } from './query.ts'

/** Members that a table holds and those of the tenant, as comparable lines in one order. */
export interface MemberLines {
  held: string[]
  truth: string[]
}

const CONTENT = `displayName, roles, userId, email, tenantId, epoch_ms(visibleHistoryStartDateTime)::DOUBLE`

/** `members` of a DuckDB file beside those that the simulator would show now. */
export async function memberLines(
  path: string,
  simulator: TeamsSimulator,
  schema = 'microsoft_teams',
): Promise<MemberLines> {
  const truth = [...simulator.truth.members()].map(({ team_id, id, json }) => lineOf([team_id, id], json))
  return { held: await lines(path, `${schema}.members`, 'team_id, id'), truth: truth.sort() }
}

/** The same for `channel_members`. */
export async function channelMemberLines(path: string, simulator: TeamsSimulator): Promise<MemberLines> {
  const truth = [...simulator.truth.channelMembers()].map(({ team_id, channel_id, id, json }) =>
    lineOf([team_id, channel_id, id], json),
  )
  return { held: await lines(path, 'microsoft_teams.channel_members', 'team_id, channel_id, id'), truth: truth.sort() }
}

async function lines(path: string, table: string, key: string): Promise<string[]> {
  const sql = `SELECT json_array(${key}, ${CONTENT})::VARCHAR AS line FROM ${table}`
  const rows = await query<{ line: string }>(path, sql)
  // DuckDB writes numbers and escapes in JSON in other letters than JavaScript.
  return rows.map(({ line }) => JSON.stringify(JSON.parse(line))).sort()
}

function lineOf(key: readonly string[], member: Readonly<Record<string, unknown>>): string {
  const { displayName, roles, userId, email, tenantId, visibleHistoryStartDateTime } = member
  return JSON.stringify([
    ...key,
    displayName,
    roles,
    userId,
    email,
    tenantId,
    Date.parse(String(visibleHistoryStartDateTime)),
  ])
}
