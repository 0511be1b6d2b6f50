import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScdType } from '../../pipeline/spec/types.ts'
import { startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { realClock, startTeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { sync } from '../support/cli.ts'
import { bundle, sparkEnvironment } from './environment.ts'
import { differences, type HeldTable } from './same_as_duckdb.ts'
import { SparkDriver } from './spark_driver.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000

interface Job extends HeldTable {
  table: string
  scd_type: ScdType
}

interface World {
  connection: Record<string, string>
  /** Changes of every kind. */
  change(): void
  later(): void
  close(): Promise<void>
}

const LISTED = ['__START_AT', '__END_AT']

const teams = {
  source: 'microsoft_teams',
  exported: 'microsoftTeams',
  jobs: [
    { name: 'messages', table: 'messages', scd_type: 'SCD_TYPE_1', without: [] },
    { name: 'messages_history', table: 'messages', scd_type: 'SCD_TYPE_2', without: [] },
    { name: 'messages_log', table: 'messages', scd_type: 'APPEND_ONLY', without: [] },
    { name: 'message_replies', table: 'message_replies', scd_type: 'SCD_TYPE_1', without: [] },
    { name: 'teams', table: 'teams', scd_type: 'SCD_TYPE_1', without: [] },
    { name: 'channels', table: 'channels', scd_type: 'SCD_TYPE_2', without: LISTED },
    { name: 'members', table: 'members', scd_type: 'SCD_TYPE_1', without: [] },
  ] satisfies Job[],
  async start(): Promise<World> {
    const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 60, days: 20 }
    const clock = realClock()
    const simulator = await startTeamsSimulator({ seed: 3, dataset: { generated }, throttle: 'off', clock })
    return {
      connection: simulator.connection as unknown as Record<string, string>,
      change() {
        for (const { id: team_id } of simulator.truth.teams()) {
          simulator.mutate.newRoot({ team_id })
          for (let i = 0; i < 3; i++) simulator.mutate.edit({ team_id })
          simulator.mutate.delete({ team_id })
          simulator.mutate.addReaction({ team_id })
        }
        simulator.mutate.newChannel({ team_id: simulator.truth.teams()[0]!.id })
      },
      later: () => clock.advance(10 * MINUTES),
      close: () => simulator.close(),
    }
  },
}

/** When a read was, and what is signed anew for every read. */
const VOLATILE = ['seen_at', 'deleted_at', 'embeds', 'message_snapshots']

const discord = {
  source: 'discord',
  exported: 'discord',
  jobs: [
    { name: 'messages', table: 'messages', scd_type: 'SCD_TYPE_1', without: VOLATILE },
    { name: 'messages_history', table: 'messages', scd_type: 'SCD_TYPE_2', without: [...VOLATILE, ...LISTED] },
    { name: 'messages_log', table: 'messages', scd_type: 'APPEND_ONLY', without: VOLATILE },
    {
      name: 'message_reactions',
      table: 'message_reactions',
      scd_type: 'SCD_TYPE_1',
      without: ['seen_at', 'deleted_at'],
    },
    { name: 'channels', table: 'channels', scd_type: 'SCD_TYPE_2', without: LISTED },
    { name: 'threads', table: 'threads', scd_type: 'SCD_TYPE_1', without: [] },
    { name: 'roles', table: 'roles', scd_type: 'SCD_TYPE_1', without: [] },
  ] satisfies Job[],
  async start(): Promise<World> {
    const generated = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 120, threadsPerChannel: 2, days: 4 }
    const clock = realClock()
    const simulator = await startDiscordSimulator({ seed: 3, dataset: { generated }, throttle: 'off', clock })
    return {
      connection: simulator.connection as unknown as Record<string, string>,
      change() {
        const { mutate } = simulator
        for (let turn = 0; turn < 5; turn++) {
          mutate.edit()
          mutate.addReaction()
          mutate.send()
          mutate.reply()
        }
        for (const key of [...simulator.truth.messages()].slice(-5, -2)) mutate.delete(key)
      },
      later: () => clock.advance(10_000),
      close: () => simulator.close(),
    }
  },
}

describe.skipIf(environment === null).each([teams, discord])(
  'ingest of $source into Delta, beside DuckDB',
  ({ source, exported, jobs, start }) => {
    let folder: string
    let world: World
    let driver: SparkDriver
    let spec: { connection_name: string; objects: object[] }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parley-ingest-'))
      const file = join(folder, `_generated_${source}_python_source.py`)
      bundle(`sources/${source}/index.ts`, exported, file)
      world = await start()
      world.later()
      const objects = jobs.map(({ name, table, scd_type }) => ({
        table: { source_table: table, destination_table: name, table_configuration: { scd_type } },
      }))
      spec = { connection_name: 'beside', objects }
      await writeFile(join(folder, 'pipeline.yaml'), JSON.stringify(spec, null, 2))
      await writeFile(join(folder, 'connection.json'), JSON.stringify(world.connection), { mode: 0o600 })
      const options = { ...world.connection, concurrent_tasks: '2' }
      driver = new SparkDriver({ python: environment!.python, folder, bundle: file, options, keys: [], cursor: '' })
    })

    afterAll(async () => {
      await driver?.close()
      await world?.close()
      if (process.env.PARLEY_KEEP === undefined) await rm(folder, { recursive: true, force: true })
    })

    /** Both read the same world, and hold the same then. Rows that ingest changed. */
    async function both(): Promise<number> {
      const paths = ['pipeline.yaml', 'connection.json', 'lake.duckdb'].map((name) => join(folder, name))
      const [pipeline, connection, database] = paths as [string, string, string]
      const args = [pipeline, '--source', source, '--connection', connection, '--destination', `duckdb:${database}`]
      const synced = await sync(args)
      expect(synced.code, synced.stderr).toBe(0)
      const summary = await driver.ingest(spec)
      expect(summary).toMatchObject({ status: 'ok' })
      for (const job of jobs) expect(await differences(database, driver, source, job), job.name).toEqual([])
      return summary.tables.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0)
    }

    it('holds the same rows after a full read, after changes, and changes none in a quiet run', {
      timeout: 20 * MINUTES,
    }, async () => {
      expect(await both()).toBeGreaterThan(0)
      world.change()
      world.later()
      expect(await both()).toBeGreaterThan(0)
      world.later()
      expect(await both()).toBe(0)
    })
  },
)
