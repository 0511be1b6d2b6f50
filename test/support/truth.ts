import type { JsonObject } from '../../libs/connect/json.ts'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'

/** What is compared of a message, as text: key, version, state, text, sender and the nested lists. */
type Line = string

export interface Difference {
  /** Messages of the truth that the tables lack. */
  missing: number
  /** Rows of the tables that are no message of the truth. */
  extra: number
  /** Rows whose content differs. */
  different: number
  /** Rows beyond the first of a key. */
  doubled: number
  rows: number
  examples: string[]
}

/** SQL of a row's key and of what `contentOf` says of the message, as `key` and `content`. */
export const comparedColumns = (parent: string) => `
  team_id || '/' || channel_id || '/' || ${parent} || '/' || id AS key,
  json_array(epoch_ms(lastModifiedDateTime), epoch_ms(createdDateTime), epoch_ms(deletedDateTime), epoch_ms(lastEditedDateTime), etag, messageType,
    body.content, "from"."user".id, "from".application.id, subject, replyToId,
    list_transform(reactions, lambda x: [x.reactionType, x."user"."user".id]),
    list_transform(mentions, lambda x: x.mentionText), list_transform(attachments, lambda x: x.name))::VARCHAR AS content`

/** Compares the tables of a DuckDB file with what the simulator would show now. */
export async function compareWithTruth(
  path: string,
  simulator: TeamsSimulator,
  schema = 'microsoft_teams',
  /** `exported`: without shared channels. */
  channels: 'all' | 'exported' = 'all',
): Promise<Difference> {
  const stored = await readTables(path, schema)
  const difference: Difference = { missing: 0, extra: 0, different: 0, doubled: 0, rows: stored.count, examples: [] }
  difference.doubled = stored.count - stored.lines.size
  for (const { team_id, channel_id, json } of simulator.truth.messages({ channels })) {
    const key = `${team_id}/${channel_id}/${json.replyToId ?? ''}/${json.id}`
    const held = stored.lines.get(key)
    stored.lines.delete(key)
    if (held === undefined) note(difference, 'missing', key)
    else if (sameText(held) !== contentOf(json))
      note(difference, 'different', `${key}\n  held  ${held}\n  truth ${contentOf(json)}`)
  }
  for (const key of stored.lines.keys()) note(difference, 'extra', key)
  return difference
}

/** The difference that means equal. */
export const equal = { missing: 0, extra: 0, different: 0, doubled: 0 }

/** DuckDB writes escapes in JSON in other letters than JavaScript. */
export function sameText(json: string): string {
  return JSON.stringify(JSON.parse(json))
}

function note(difference: Difference, kind: 'missing' | 'extra' | 'different', example: string): void {
  difference[kind] += 1
  if (difference.examples.length < 5) difference.examples.push(`${kind} ${example}`)
}

async function readTables(path: string, schema: string): Promise<{ lines: Map<string, Line>; count: number }> {
  const database = await openDatabase(path, { readOnly: true, sleep: async () => {} })
  try {
    const sql = `SELECT ${comparedColumns("''")} FROM ${schema}.messages UNION ALL SELECT ${comparedColumns('parent_message_id')} FROM ${schema}.message_replies`
    const result = await database.connection.runAndReadAll(sql)
    const rows = result.getRows() as [string, string][]
    return { lines: new Map(rows), count: rows.length }
  } finally {
    database.close()
  }
}

/** What is compared of a message of the truth. */
export function contentOf(message: JsonObject): Line {
  const m = message as Record<string, unknown>
  const ms = (text: unknown) => (typeof text === 'string' ? Date.parse(text) : null)
  const from = m.from as { user?: { id?: string } | null; application?: { id?: string } | null } | null
  const reactions = m.reactions as { reactionType: string; user: { user?: { id?: string } | null } | null }[]
  const texts = (list: unknown, name: string) => (list as Record<string, string>[]).map((item) => item[name])
  return JSON.stringify([
    ...[m.lastModifiedDateTime, m.createdDateTime, m.deletedDateTime, m.lastEditedDateTime].map(ms),
    m.etag,
    m.messageType,
    (m.body as { content: string }).content,
    from?.user?.id ?? null,
    from?.application?.id ?? null,
    m.subject,
    m.replyToId,
    reactions.map((reaction) => [reaction.reactionType, reaction.user?.user?.id ?? null]),
    texts(m.mentions, 'mentionText'),
    texts(m.attachments, 'name'),
  ])
}
