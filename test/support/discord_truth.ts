import type { ScdType } from '../../pipeline/spec/types.ts'
import { discord } from '../../sources/discord/index.ts'
import type { DiscordSimulator } from '../../sources/discord/simulator/index.ts'
import type { Sound } from './present.ts'
import { query } from './query.ts'

/** Rows that a table holds and those of the simulator, as lines in one order; `deleted`: keys that are marked, and those that should be. */
export interface TableLines {
  held: string[]
  truth: string[]
}

type Json = Record<string, unknown>

/** A table as it is compared: its columns in SQL, and the same of the simulator's truth. They begin with the guild and the key. */
export interface Compared {
  columns: string
  /** Rows that are marked as deleted are compared apart. */
  soft?: boolean
  truth(simulator: DiscordSimulator): Iterable<unknown[]>
}

const ms = (time: unknown) => (typeof time === 'string' ? Date.parse(time) : null)
const of = (json: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>((value, name) => (value as Json | null | undefined)?.[name], json) ?? null
const ids = (json: unknown, name: string) => ((of(json, name) ?? []) as Json[]).map(({ id }) => id)
/** NUL cannot be stored; the schema replaces it. */
const clean = (text: unknown) => (typeof text === 'string' ? text.replaceAll('\0', '\ufffd').toWellFormed() : text)

const COMPARED: Readonly<Record<string, Compared>> = {
  guilds: {
    columns: 'id, name, owner_id, description, features, premium_tier',
    *truth({ truth }) {
      for (const { id, json } of truth.guilds())
        yield [id, ...['name', 'owner_id', 'description', 'features', 'premium_tier'].map((name) => of(json, name))]
    },
  },
  channels: {
    columns: `guild_id, id, name, type, parent_id, last_message_id, topic, list_transform(permission_overwrites, lambda x: x.id)`,
    *truth({ truth }) {
      for (const { guild_id, id, json } of truth.channels())
        yield [
          guild_id,
          id,
          ...['name', 'type', 'parent_id', 'last_message_id', 'topic'].map((name) => of(json, name)),
          ids(json, 'permission_overwrites'),
        ]
    },
  },
  threads: {
    columns: `guild_id, id, name, type, parent_id, last_message_id, message_count, total_message_sent, thread_metadata.archived, epoch_ms(thread_metadata.archive_timestamp)`,
    *truth({ truth }) {
      for (const { guild_id, id, json } of truth.threads())
        yield [
          guild_id,
          id,
          ...['name', 'type', 'parent_id', 'last_message_id', 'message_count', 'total_message_sent'].map((name) =>
            of(json, name),
          ),
          of(json, 'thread_metadata', 'archived'),
          ms(of(json, 'thread_metadata', 'archive_timestamp')),
        ]
    },
  },
  roles: {
    columns: 'guild_id, id, name, permissions, position',
    *truth({ truth }) {
      for (const { guild_id, id, json } of truth.roles())
        yield [guild_id, id, ...['name', 'permissions', 'position'].map((name) => of(json, name))]
    },
  },
  emojis: {
    columns: 'guild_id, id, name, animated, available',
    *truth({ truth }) {
      for (const { guild_id, id, json } of truth.emojis())
        yield [guild_id, id, ...['name', 'animated', 'available'].map((name) => of(json, name))]
    },
  },
  members: {
    columns:
      'guild_id, user_id, "user".username, nick, roles, epoch_ms(joined_at), epoch_ms(communication_disabled_until)',
    *truth({ truth }) {
      for (const { guild_id, id, json } of truth.members())
        yield [
          guild_id,
          id,
          of(json, 'user', 'username'),
          of(json, 'nick'),
          of(json, 'roles'),
          ms(of(json, 'joined_at')),
          ms(of(json, 'communication_disabled_until')),
        ]
    },
  },
  messages: {
    soft: true,
    columns: `guild_id, channel_id, id, type, content, author.id, epoch_ms("timestamp"), epoch_ms(edited_timestamp), pinned, flags,
      list_transform(mentions, lambda x: x.id), message_reference.message_id, list_transform(embeds, lambda x: x.title), poll.question."text", referenced_message_deleted, thread_id`,
    *truth({ truth }) {
      for (const { guild_id, channel_id, id, json } of truth.messages())
        yield [
          guild_id,
          channel_id,
          id,
          of(json, 'type'),
          clean(of(json, 'content')),
          of(json, 'author', 'id'),
          ms(of(json, 'timestamp')),
          ms(of(json, 'edited_timestamp')),
          of(json, 'pinned'),
          of(json, 'flags'),
          ids(json, 'mentions'),
          of(json, 'message_reference', 'message_id'),
          (of(json, 'embeds') as Json[]).map((embed) => of(embed, 'title')),
          of(json, 'poll', 'question', 'text'),
          (json as Json).referenced_message === null ? true : null,
          of(json, 'thread', 'id'),
        ]
    },
  },
  message_reactions: {
    soft: true,
    columns: 'guild_id, channel_id, message_id, emoji_key, count, count_details.burst',
    *truth({ truth }) {
      for (const { guild_id, channel_id, id, json } of truth.messages())
        for (const reaction of (of(json, 'reactions') ?? []) as Json[])
          yield [
            guild_id,
            channel_id,
            id,
            of(reaction, 'emoji', 'id') ?? of(reaction, 'emoji', 'name'),
            of(reaction, 'count'),
            of(reaction, 'count_details', 'burst'),
          ]
    },
  },
  attachments: {
    soft: true,
    columns: 'guild_id, channel_id, message_id, id, filename, size::DOUBLE, content_type',
    *truth({ truth }) {
      for (const { guild_id, channel_id, message_id, id, json } of truth.attachments())
        yield [
          guild_id,
          channel_id,
          message_id,
          id,
          ...['filename', 'size', 'content_type'].map((name) => of(json, name)),
        ]
    },
  },
  pins: {
    columns: 'guild_id, channel_id, message_id, epoch_ms(pinned_at)',
    *truth({ truth }) {
      for (const { guild_id, channel_id, message_id, pinned_at } of truth.pins())
        yield [guild_id, channel_id, message_id, ms(pinned_at)]
    },
  },
}

export const DISCORD_COMPARED = COMPARED

export const DISCORD_TABLES = Object.keys(COMPARED)

/** The guild and the key of a compared line, with slashes between them. */
export function keyOfLine(table: string, line: string): string {
  const columns = table === 'guilds' ? 1 : new Set(['guild_id', ...definitionOf(table).primaryKeys]).size
  return (JSON.parse(line) as unknown[]).slice(0, columns).join('/')
}

/** Tables whose rows are marked when they are deleted: what they hold of a key is always its latest state. */
export const DISCORD_SOFT_TABLES = DISCORD_TABLES.filter((table) => COMPARED[table]!.soft === true)

export const DISCORD_SOUND: readonly Sound[] = DISCORD_TABLES.map((table) => {
  const { primaryKeys, cursorField = null } = definitionOf(table)
  return { from: `discord.${table}`, keys: primaryKeys.join(', '), sequence: cursorField }
})

function definitionOf(table: string) {
  return discord.tables.find(({ name }) => name === table)!
}

/**
 * What differs between a DuckDB file and the simulator, by table: lines that only one of them has. Empty: equal.
 * @param scdType how the tables were written; of histories the open versions are compared, of appended rows the latest
 */
export async function discordDifferences(
  path: string,
  simulator: DiscordSimulator,
  tables: readonly string[] = DISCORD_TABLES,
  scdType: ScdType = 'SCD_TYPE_1',
): Promise<Record<string, { missing: string[]; extra: string[]; doubled: number }>> {
  const differences: Record<string, { missing: string[]; extra: string[]; doubled: number }> = {}
  for (const table of tables) {
    const held = await heldLines(path, table, scdType)
    const truth = [...COMPARED[table]!.truth(simulator)].map((row) => JSON.stringify(row))
    const [has, should] = [new Set(held), new Set(truth)]
    const cameBack = scdType === 'APPEND_ONLY' ? await returned(path, table, truth) : () => false
    const missing = truth.filter((line) => !has.has(line) && !cameBack(line))
    const extra = held.filter((line) => !should.has(line) && !cameBack(line))
    const doubled = held.length - has.size
    if (missing.length + extra.length + doubled > 0)
      differences[table] = { missing: missing.slice(0, 5), extra: extra.slice(0, 5), doubled }
  }
  return differences
}

/**
 * Append has one row of each content, so a state that comes back is not written again: whether the line is of a key
 * whose state of now is among its rows, the mark of a deletion included, though not the latest of them.
 */
async function returned(path: string, table: string, truth: readonly string[]): Promise<(line: string) => boolean> {
  const { columns } = COMPARED[table]!
  const { primaryKeys } = definitionOf(table)
  // Columns begin with the guild and the key.
  const keyOf = (line: string) => JSON.stringify((JSON.parse(line) as unknown[]).slice(0, 1 + primaryKeys.length))
  const now = new Map(truth.map((line) => [keyOf(line), line]))
  const rows = await query<{ line: string; is_deleted: boolean }>(
    path,
    `SELECT json_array(${columns})::VARCHAR AS line, deleted_at IS NOT NULL AS is_deleted FROM discord.${table}`,
  )
  const been = new Set(
    rows
      .map(({ line, is_deleted }) => ({ line: JSON.stringify(JSON.parse(line)), is_deleted }))
      .filter(({ line, is_deleted }) => (is_deleted ? !now.has(keyOf(line)) : now.get(keyOf(line)) === line))
      .map(({ line }) => keyOf(line)),
  )
  return (line) => been.has(keyOf(line))
}

async function heldLines(path: string, table: string, scdType: ScdType): Promise<string[]> {
  const { columns, soft } = COMPARED[table]!
  const where = soft === true ? 'WHERE deleted_at IS NULL' : ''
  const rows = await query<{ line: string }>(
    path,
    `SELECT json_array(${columns})::VARCHAR AS line FROM (${presentOf(table, scdType)}) ${where}`,
  )
  // DuckDB writes numbers and escapes in JSON in other letters than JavaScript.
  return rows.map(({ line }) => JSON.stringify(JSON.parse(line)))
}

/** What a table says of the present. */
function presentOf(table: string, scdType: ScdType): string {
  const { primaryKeys, cursorField } = definitionOf(table)
  if (scdType === 'SCD_TYPE_1') return `FROM discord.${table}`
  if (scdType === 'SCD_TYPE_2') return `FROM discord.${table} WHERE __END_AT IS NULL`
  const latest = `row_number() OVER (PARTITION BY ${primaryKeys.join(', ')} ORDER BY ${cursorField} DESC)`
  return `FROM discord.${table} QUALIFY ${latest} = 1`
}

/** Ids of messages that are marked as deleted, in order. */
export async function markedMessages(path: string): Promise<string[]> {
  const rows = await query<{ id: string }>(path, 'SELECT id FROM discord.messages WHERE deleted_at IS NOT NULL')
  return rows.map(({ id }) => id).toSorted()
}
