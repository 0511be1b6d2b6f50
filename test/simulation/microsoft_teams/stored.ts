import type { Database } from '../../../pipeline/destinations/duckdb/database.ts'
import { comparedColumns, sameText } from '../../support/truth.ts'
import {
  type Ask,
  askOf,
  type ListedRow as Listed,
  readState,
  readTables,
  type Stored,
  type StoredVersion,
} from '../stored.ts'

export interface ListedRow extends Listed {
  name: string
}

export type TeamsStored = Stored<StoredVersion, ListedRow>

const LISTED_KEYS: Readonly<Record<string, string>> = {
  teams: 'id',
  channels: `team_id || '/' || id`,
  members: `team_id || '/' || id`,
  channel_members: `team_id || '/' || channel_id || '/' || id`,
}

const SCHEMA = 'microsoft_teams'

export async function readStored(database: Database): Promise<TeamsStored> {
  const ask = askOf(database)
  const stored: TeamsStored = { messages: new Map(), listed: new Map(), counts: new Map(), ...(await readState(ask)) }
  for (const { name, columns } of await readTables(ask, SCHEMA)) {
    const isHistory = columns.includes('__END_AT')
    if (name in LISTED_KEYS) await readListed(ask, stored, name, isHistory)
    else await readMessages(ask, stored, name, isHistory)
  }
  return stored
}

async function readMessages(ask: Ask, stored: TeamsStored, table: string, isHistory: boolean): Promise<void> {
  const times = isHistory ? ', epoch_ms("__START_AT")::DOUBLE AS start, epoch_ms("__END_AT")::DOUBLE AS "end"' : ''
  const rows = await ask<StoredVersion>(
    `SELECT ${comparedColumns(table === 'messages' ? "''" : 'parent_message_id')}, epoch_ms(lastModifiedDateTime)::DOUBLE AS modified,
       _content_hash AS hash ${times} FROM ${SCHEMA}.${table} ORDER BY key, ${isHistory ? 'start NULLS FIRST' : 'modified'}`,
  )
  stored.counts.set(table, rows.length)
  const versions = rows.map((row) => ({ ...row, content: sameText(row.content) }))
  stored.messages.set(table, Map.groupBy(versions, ({ key }) => key) as Map<string, StoredVersion[]>)
}

async function readListed(ask: Ask, stored: TeamsStored, table: string, isHistory: boolean): Promise<void> {
  const open = isHistory ? 'WHERE "__END_AT" IS NULL' : ''
  const rows = await ask<ListedRow>(
    `SELECT ${LISTED_KEYS[table]} AS key, displayName AS name, _content_hash AS hash FROM ${SCHEMA}.${table} ${open}`,
  )
  stored.counts.set(table, rows.length)
  stored.listed.set(table, Map.groupBy(rows, ({ key }) => key) as Map<string, ListedRow[]>)
}
