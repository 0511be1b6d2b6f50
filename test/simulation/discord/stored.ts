import type { Database } from '../../../pipeline/destinations/duckdb/database.ts'
import { DISCORD_COMPARED, DISCORD_SOFT_TABLES, keyOfLine } from '../../support/discord_truth.ts'
import {
  type Ask,
  askOf,
  type ListedRow as Listed,
  readState,
  readTables,
  type Stored,
  type StoredVersion,
} from '../stored.ts'

/** `content` is the line that is compared with the truth; it begins with the key. */
export interface DiscordVersion extends StoredVersion {
  /** It is marked as deleted. */
  deleted: boolean
  /** Ids of who reacted; null: not read. Of `message_reactions` alone. */
  users: string[] | null
}

export interface ListedRow extends Listed {
  content: string
}

export type DiscordStored = Stored<DiscordVersion, ListedRow>

const SCHEMA = 'discord'

export async function readStored(database: Database): Promise<DiscordStored> {
  const ask = askOf(database)
  const stored: DiscordStored = { messages: new Map(), listed: new Map(), counts: new Map(), ...(await readState(ask)) }
  for (const { name, columns } of await readTables(ask, SCHEMA)) {
    if (!(name in DISCORD_COMPARED)) continue
    const isHistory = columns.includes('__END_AT')
    const read = DISCORD_SOFT_TABLES.includes(name) ? readVersions : readListed
    await read(ask, stored, name, isHistory)
  }
  return stored
}

type Row = { line: string; hash: string }

async function readVersions(ask: Ask, stored: DiscordStored, table: string, isHistory: boolean): Promise<void> {
  const times = isHistory ? ', epoch_ms("__START_AT")::DOUBLE AS start, epoch_ms("__END_AT")::DOUBLE AS "end"' : ''
  const users = table === 'message_reactions' ? 'to_json(list_transform(users, lambda x: x.id))::VARCHAR' : 'NULL'
  const rows = await ask<Row & Omit<DiscordVersion, 'key' | 'content' | 'users'> & { users: string | null }>(
    `SELECT ${lineOf(table)}, _content_hash AS hash, epoch_ms(seen_at)::DOUBLE AS modified, deleted_at IS NOT NULL AS deleted,
       ${users} AS users ${times}
     FROM ${SCHEMA}.${table}`,
  )
  stored.counts.set(table, rows.length)
  const versions = rows.map(({ line, ...row }) => {
    const compared = sameText(line)
    const who = row.users === null ? null : (JSON.parse(row.users) as string[])
    return { ...row, users: who, key: keyOfLine(table, compared), content: compared }
  })
  const byKey = Map.groupBy(versions, ({ key }) => key)
  for (const ofKey of byKey.values()) ofKey.sort((a, b) => (a.start ?? a.modified) - (b.start ?? b.modified))
  stored.messages.set(table, byKey)
}

async function readListed(ask: Ask, stored: DiscordStored, table: string, isHistory: boolean): Promise<void> {
  const open = isHistory ? 'WHERE "__END_AT" IS NULL' : ''
  const rows = await ask<Row>(`SELECT ${lineOf(table)}, _content_hash AS hash FROM ${SCHEMA}.${table} ${open}`)
  stored.counts.set(table, rows.length)
  const listed = rows.map(({ line, hash }) => {
    const content = sameText(line)
    return { key: keyOfLine(table, content), content, hash }
  })
  stored.listed.set(table, Map.groupBy(listed, ({ key }) => key) as Map<string, ListedRow[]>)
}

const lineOf = (table: string) => `json_array(${DISCORD_COMPARED[table]!.columns})::VARCHAR AS line`

/** DuckDB writes numbers and escapes in JSON in other letters than JavaScript. */
const sameText = (json: string) => JSON.stringify(JSON.parse(json))
