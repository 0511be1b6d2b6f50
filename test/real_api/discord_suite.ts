import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveOptions } from '../../libs/connect/options.ts'
import type { Runtime, SourceDefinition } from '../../libs/connect/source.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { DiscordClient } from '../../sources/discord/client.ts'
import { discord } from '../../sources/discord/index.ts'
import { options } from '../../sources/discord/options.ts'
import { query } from '../support/query.ts'
import { syncInProcess } from '../support/sync_in_process.ts'
import { discordFacts } from './discord_facts.ts'

/** An API to ask: the live one, or the simulator. */
export interface DiscordTarget {
  /** Connection options as a connection file has them. */
  connection: Record<string, string>
  runtime: Runtime
  close(): Promise<void>
}

/** What one suite reads at most, so that it stays small on a large server. */
const CHANNELS = 3
const DAYS = 60
const TIMEOUT_MS = 300_000
/** Tables with a key each, which must be complete. */
const KEYS: Readonly<Record<string, string>> = {
  guilds: 'id',
  channels: 'id',
  threads: 'id',
  roles: 'guild_id, id',
  emojis: 'guild_id, id',
  messages: 'channel_id, id',
  message_reactions: 'channel_id, message_id, emoji_key',
  attachments: 'channel_id, message_id, id',
}
const CHANGED = 'sum(inserted + updated + deleted)'

/**
 * What must hold against any Discord: facts that the source relies on, and a sync of a few channels. It only reads, and
 * knows nothing of what the bot's servers hold: others may write in them meanwhile.
 */
export function discordSuite(title: string, start: () => Promise<DiscordTarget>): void {
  describe(title, { timeout: TIMEOUT_MS }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-real-'))
    const database = join(folder, 'lake.duckdb')
    let target: DiscordTarget
    let client: DiscordClient
    beforeAll(async () => {
      target = await start()
      const resolved = resolveOptions(options, target.connection, { scope: 'connection', unknown: 'error' })
      client = new DiscordClient(resolved, target.runtime)
    }, TIMEOUT_MS)
    afterAll(async () => {
      await client?.close()
      await target?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    discordFacts(() => client)

    const sync = (tables: readonly string[], more: Record<string, string> = {}): Promise<RunResult> =>
      syncInProcess({
        simulator: target,
        database,
        source: discord as unknown as SourceDefinition,
        tables,
        options: more,
        runtime: target.runtime,
      })

    it('check says of every table what it needs', async () => {
      const resolved = resolveOptions(options, target.connection, { scope: 'connection', unknown: 'error' })
      const answers = await discord.check(client, resolved, AbortSignal.timeout(TIMEOUT_MS))
      expect(new Set(answers.map(({ table }) => table))).toEqual(new Set(discord.tables.map(({ name }) => name)))
      for (const { granted, code } of answers) if (!granted) expect(code).toMatch(/^PARLEY_DISCORD_/)
    })

    it('lists servers, channels, threads, roles and emojis, each once, and no value is odd', async () => {
      const { status, tables, errors } = await sync(['guilds', 'channels', 'threads', 'roles', 'emojis'])
      expect(status, JSON.stringify(errors)).toMatch(/^(ok|partial)$/)
      expect(tables.map(({ rescued, quarantined }) => rescued + quarantined)).toEqual(tables.map(() => 0))
      await expectKeys(['guilds', 'channels', 'threads', 'roles', 'emojis'])
    })

    it('reads messages of a few channels with their reactions and attachments, and again without doubling them', async () => {
      const busiest = await query<{ id: string }>(
        database,
        `SELECT id FROM discord.channels WHERE type IN (0, 5) AND last_message_id IS NOT NULL ORDER BY last_message_id::UBIGINT DESC LIMIT ${CHANNELS}`,
      )
      expect(busiest.length, 'channels with messages').toBeGreaterThan(0)
      const some = {
        channel_id: busiest.map(({ id }) => id).join(','),
        start_date: new Date(Date.now() - DAYS * 86_400_000).toISOString(),
      }
      const tables = ['messages', 'message_reactions', 'attachments']
      const first = await sync(tables, some)
      expect(first.status, JSON.stringify(first.errors)).toMatch(/^(ok|partial)$/)
      expect(first.tables.map(({ quarantined }) => quarantined)).toEqual([0, 0, 0])
      await expectKeys(tables)
      await expectTimesOfIds()
      const second = await sync(tables, some)
      expect(second.status).toBe(first.status)
      await expectKeys(tables)
      await expectTimesOfIds()
      // What others did between the two is all that may have changed.
      const [runs] = await query<{ quiet: boolean }>(database, lastRunIsQuieter)
      expect(runs!.quiet).toBe(true)
    })

    async function expectKeys(tables: readonly string[]): Promise<void> {
      for (const table of tables) {
        const sql = `SELECT count(*) - count(DISTINCT (${KEYS[table]})) AS doubled FROM discord.${table}`
        expect(await query(database, sql), table).toEqual([{ doubled: '0' }])
      }
    }

    /** A message's time is in its id: ids that come as doubles, or times in another zone, would show here. */
    async function expectTimesOfIds(): Promise<void> {
      const time = '(id::UBIGINT >> 22)::BIGINT + 1420070400000'
      const sql = `SELECT count(*) AS messages, count(*) FILTER (epoch_ms("timestamp") <> ${time}) AS odd FROM discord.messages`
      const [row] = await query<{ messages: string; odd: string }>(database, sql)
      expect(row).toMatchObject({ odd: '0' })
      expect(Number(row!.messages)).toBeGreaterThan(0)
    }
  })
}

/** The newest run changed fewer rows than the one before, or none. */
const lastRunIsQuieter = `
  WITH counted AS (
    SELECT started_at, (SELECT ${CHANGED} FROM (SELECT unnest(from_json(result->'tables',
      '[{"inserted":"INTEGER","updated":"INTEGER","deleted":"INTEGER"}]'), recursive := true))) AS changed
    FROM parley.runs)
  SELECT last(changed ORDER BY started_at) = 0 OR last(changed ORDER BY started_at) < list(changed ORDER BY started_at)[-2] AS quiet
  FROM counted`
