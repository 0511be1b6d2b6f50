import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../libs/simulator/random.ts'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import { type DiscordSimulator, realClock, startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { DISCORD_SOUND, discordDifferences } from '../support/discord_truth.ts'
import { expectSound } from '../support/present.ts'
import { query } from '../support/query.ts'
import { bundle, sparkEnvironment } from './environment.ts'
import { type IngestSummary, type KillPoint, SparkDriver } from './spark_driver.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000
const SEED = 6
/** The usual points alone, as in CI; `npm run test:soak` wants all, and kills at moments that are drawn. */
const ALL = process.env.PARLEY_KILLS !== undefined
const DRAWN = ALL ? 2 : 0

const JOBS = [
  { name: 'messages', table: 'messages', scd_type: 'SCD_TYPE_1' },
  { name: 'messages_history', table: 'messages', scd_type: 'SCD_TYPE_2' },
  { name: 'messages_log', table: 'messages', scd_type: 'APPEND_ONLY' },
  { name: 'channels', table: 'channels', scd_type: 'SCD_TYPE_2' },
  { name: 'roles', table: 'roles', scd_type: 'SCD_TYPE_1' },
] as const satisfies { name: string; table: string; scd_type: ScdType }[]

type Name = (typeof JOBS)[number]['name']

const write = (name: Name) => `^(MERGE|INSERT) INTO .discord.\\..${name}. `
const DELETED = "'deleted' AS _content_hash"

/** The job that is killed, and where. Of each job one after the other: a replay takes up what the kill before left. */
const POINTS: readonly { name: Name; where: string; kill: KillPoint; usual?: false }[] = [
  {
    name: 'messages',
    where: 'before the MERGE',
    kill: { when: 'before', statements: [write('messages')] },
    usual: false,
  },
  {
    name: 'messages',
    where: 'behind the commit of the checkpoint',
    kill: { file: 'ingest_checkpoints/discord.messages/*/commits/[0-9]*' },
  },
  { name: 'messages', where: 'between rows and deletions', kill: { when: 'before', statements: [DELETED] } },
  {
    name: 'messages_history',
    where: 'inside the MERGE',
    kill: { file: 'warehouse/discord.db/messages_history/*.parquet' },
    usual: false,
  },
  {
    name: 'messages_history',
    where: 'between MERGE and commit',
    kill: { when: 'after', statements: [write('messages_history')] },
  },
  {
    name: 'messages_history',
    where: 'between deletions and commit',
    kill: { when: 'after', statements: [DELETED, write('messages_history')] },
  },
  {
    name: 'messages_log',
    where: 'between INSERT and commit',
    kill: { when: 'after', statements: [write('messages_log')] },
  },
  {
    name: 'messages_log',
    where: 'between deletions and commit',
    kill: { when: 'after', statements: [DELETED, write('messages_log')] },
    usual: false,
  },
  { name: 'channels', where: 'behind the rows of a list', kill: { when: 'after', statements: [write('channels')] } },
  {
    name: 'channels',
    where: 'between a row that goes and the note that it went',
    kill: { when: 'after', statements: ['AS _lost_at FROM', write('channels')] },
    usual: false,
  },
  {
    name: 'roles',
    where: 'while the table is made',
    kill: { file: 'warehouse/discord.db/roles/_delta_log/*.json' },
  },
]

describe.skipIf(environment === null)('ingest of Discord, killed by SIGKILL', () => {
  let folder: string
  let simulator: DiscordSimulator
  let driver: SparkDriver
  let latest: { guild_id: string; channel_id: string }

  const start = (): SparkDriver => {
    const file = join(folder, '_generated_discord_python_source.py')
    const options = { ...simulator.connection, concurrent_tasks: '2' } as Record<string, string>
    const { python } = environment!
    return new SparkDriver({ python, folder, bundle: file, options, keys: [], cursor: '', catalog: 'hive' })
  }

  /** All jobs, this one first. */
  function specOf(first: Name = JOBS[0].name): object {
    const objects = JOBS.toSorted((a, b) => Number(b.name === first) - Number(a.name === first)).map(
      ({ name, table, scd_type }) => ({
        table: { source_table: table, destination_table: name, table_configuration: { scd_type } },
      }),
    )
    return { connection_name: 'killed', objects }
  }

  /** Changes of every kind: what the killed run has read of them, the next one has otherwise. */
  function change(): void {
    const { mutate, truth } = simulator
    // What a killed run may have stored and no later one is shown.
    mutate.deleteChannel(latest)
    mutate.deleteRole()
    for (let turn = 0; turn < 4; turn++) {
      mutate.send()
      mutate.edit()
      mutate.addReaction()
    }
    // Old ones, which every table holds as soon as it holds any.
    for (const key of [...truth.messages()].slice(0, 3)) mutate.delete(key)
    grow()
  }

  /** A channel with messages, for a change to come. */
  function grow(): void {
    const { mutate, clock } = simulator
    latest = mutate.newChannel()
    for (let i = 0; i < 3; i++) mutate.send(latest)
    mutate.newRole()
    clock.advance(10_000)
  }

  /** What the Delta tables hold, as a DuckDB file for each way of writing. */
  async function exported(): Promise<Record<ScdType, string>> {
    const paths = {} as Record<ScdType, string>
    for (const scdType of ['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const) {
      paths[scdType] = join(folder, `${scdType}.duckdb`)
      const database = await openDatabase(paths[scdType], { sleep: async () => {} })
      await database.connection.run('CREATE SCHEMA discord')
      for (const { name, table } of JOBS.filter(({ scd_type }) => scd_type === scdType)) {
        const parquet = join(folder, `${name}.parquet`)
        await driver.export(`discord.${name}`, parquet)
        await database.connection.run(`CREATE TABLE discord.${table} AS FROM read_parquet('${parquet}/*.parquet')`)
      }
      database.close()
    }
    return paths
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-kills-'))
    bundle('sources/discord/index.ts', 'discord', join(folder, '_generated_discord_python_source.py'))
    const size = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 80, threadsPerChannel: 1, forums: 0, members: 5 }
    const dataset = { generated: { ...size, days: 4 } }
    simulator = await startDiscordSimulator({ seed: SEED, dataset, throttle: 'off', clock: realClock() })
    grow()
  })

  afterAll(async () => {
    await driver?.close()
    await simulator?.close()
    if (process.env.PARLEY_KEEP === undefined) await rm(folder, { recursive: true, force: true })
  })

  it('loses nothing and has nothing twice, wherever it is killed', { timeout: 40 * MINUTES }, async () => {
    for (const { name, where, kill } of POINTS.filter(({ usual = true }) => ALL || usual)) {
      driver = start()
      const ended = await driver.ingestKilled(specOf(name), kill)
      expect.soft(ended, `${name} ${where}`).toBeNull()
      await driver.close()
      console.log(`${name}: ${where}`)
      change()
    }
    const chance = seededRandom(SEED)
    for (let drawn = 0; drawn < DRAWN; drawn++) {
      driver = start()
      const seconds = 6 + chance.below(25)
      const ended = await driver.ingestKilled(specOf(), { seconds })
      await driver.close()
      console.log(`${ended === null ? 'killed' : 'ended'} in ${seconds} s`)
      change()
    }
    driver = start()
    // The first misses channels that are in no list any more, the second finds them gone.
    const summaries: IngestSummary[] = []
    for (let run = 0; run < 2; run++) {
      summaries.push(await driver.ingest(specOf()))
      simulator.clock.advance(10_000)
    }
    expect(summaries.map(({ status }) => status)).toEqual(['partial', 'ok'])
    const paths = await exported()
    for (const [scdType, path] of Object.entries(paths) as [ScdType, string][]) {
      const tables = JOBS.filter(({ scd_type }) => scd_type === scdType).map(({ table }) => table as string)
      expect.soft(await discordDifferences(path, simulator, tables, scdType), scdType).toEqual({})
      await expectSound(
        path,
        scdType,
        DISCORD_SOUND.filter(({ from }) => tables.includes(from.replace('discord.', ''))),
      )
    }
    const appended =
      'SELECT count(*)::INTEGER AS rows, count(DISTINCT (channel_id, id, _content_hash))::INTEGER AS kept'
    const [log] = await query<{ rows: number; kept: number }>(paths.APPEND_ONLY, `${appended} FROM discord.messages`)
    expect.soft(log!.rows).toBe(log!.kept)
    console.log(`${log!.rows} rows appended, ${[...simulator.truth.messages()].length} messages at the end`)
  })
})
