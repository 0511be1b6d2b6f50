import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSecret } from '../faults/support/spellings.ts'
import { bundle, sparkEnvironment } from './environment.ts'
import { startFaultyDiscord } from './faulty/discord.ts'
import { startFaultyTeams } from './faulty/teams.ts'
import type { World } from './faulty/world.ts'
import { SparkDriver } from './spark_driver.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000
/** As on a cluster. */
const ATTEMPTS = 4

const sources = [
  {
    source: 'microsoft_teams',
    exported: 'microsoftTeams',
    start: startFaultyTeams,
    keys: ['team_id', 'channel_id', 'id'],
    cursor: 'lastModifiedDateTime',
    columns: ['team_id', 'channel_id', 'id', 'unix_millis(lastModifiedDateTime)', 'body.content'],
    faults: [
      'a wrong client secret',
      '403 of one team',
      'a storm of 429 that outlasts the wait',
      'connections that break in every attempt',
    ],
  },
  {
    source: 'discord',
    exported: 'discord',
    start: startFaultyDiscord,
    keys: ['guild_id', 'channel_id', 'id'],
    cursor: 'seen_at',
    columns: ['guild_id', 'channel_id', 'id', 'unix_millis(edited_timestamp)', 'content'],
    faults: [
      'a wrong token',
      '50001 of one channel',
      'a storm of 429 that outlasts the wait',
      'connections that break in every attempt',
      '429 of Cloudflare in plain text',
    ],
  },
]

describe.skipIf(environment === null).each(sources)('faults of $source on Spark', (source) => {
  const { columns, keys, cursor } = source
  let folder: string
  let world: World
  let driver: SparkDriver

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-faults-'))
    const file = join(folder, `_generated_${source.source}_python_source.py`)
    bundle(`sources/${source.source}/index.ts`, source.exported, file)
    world = await source.start()
    const options = { ...world.connection, concurrent_tasks: '2' }
    const { python } = environment!
    driver = new SparkDriver({
      python,
      folder,
      bundle: file,
      options,
      keys,
      cursor,
      attempts: ATTEMPTS,
      tells_all: true,
    })
  })

  afterAll(async () => {
    await driver?.close()
    await world?.close()
    if (process.env.PARLEY_KEEP === undefined) await rm(folder, { recursive: true, force: true })
  })

  /** Rows that a list and the truth do not share, but for hidden ones, and rows that the list has twice. */
  function differences(
    all: unknown[][],
    isHidden: (row: unknown[]) => boolean = () => false,
  ): { lacking: string[]; extra: string[]; doubled: number } {
    const rows = all.filter((row) => !isHidden(row))
    const shown = world.truth().filter((row) => !isHidden(row))
    const [held, truth] = [rows, shown].map((some) => new Set(some.map((row) => JSON.stringify(row))))
    return {
      lacking: [...truth!].filter((row) => !held!.has(row)),
      extra: [...held!].filter((row) => !truth!.has(row)),
      doubled: rows.length - held!.size,
    }
  }

  const EQUAL = { lacking: [], extra: [], doubled: 0 }

  async function stored(): Promise<unknown[][]> {
    const { file } = await driver.dump('messages', columns)
    return JSON.parse(await readFile(file, 'utf8'))
  }

  it('reads again what a task had begun when its connection broke', { timeout: 10 * MINUTES }, async () => {
    const once = { ...world.direct, max_attempts: '1' }
    world.breakOnce()
    const read = await driver.read('messages', columns, once)
    expect(read.error).toBeNull()
    expect(differences(read.rows)).toEqual(EQUAL)
    expect(world.broken()).toBe(1)
    expect((await driver.run('messages'))?.error).toBeNull()
    world.change()
    world.breakOnce()
    expect((await driver.run('messages', once))?.error).toBeNull()
    expect(world.broken()).toBe(2)
    expect(differences(await stored())).toEqual(EQUAL)
  })

  it.each(source.faults)('says what to do about %s, and loses nothing', { timeout: 10 * MINUTES }, async (name) => {
    const fault = world.faults.find((one) => one.name === name)!
    world.change()
    const options = await fault.begin()
    const streamed = await driver.run('messages', options)
    const read = await driver.read('messages', columns, options)
    if (fault.hides !== undefined) {
      // The others go on.
      world.change()
      expect((await driver.run('messages', options))?.error).toBeNull()
      expect(differences(await stored(), fault.hides)).toEqual(EQUAL)
    }
    await fault.end()
    for (const { error } of [streamed!, read]) {
      expect(error).toContain(`[${fault.code}]`)
      expect(error).toMatch(fault.remedy)
      for (const secret of world.secrets) expect(findSecret(Buffer.from(error!), secret)).toEqual([])
    }
    world.change()
    expect((await driver.run('messages'))?.error).toBeNull()
    expect(differences(await stored())).toEqual(EQUAL)
  })

  it('catches up with what was in no list for a while', { timeout: 10 * MINUTES }, async () => {
    const { begin, end, hides } = world.vanishing
    world.change()
    begin()
    world.change()
    expect((await driver.run('messages'))?.error).toBeNull()
    expect(differences(await stored(), hides)).toEqual(EQUAL)
    end()
    world.change()
    expect((await driver.run('messages'))?.error).toBeNull()
    expect(differences(await stored())).toEqual(EQUAL)
  })

  it('writes no secret to logs, events, checkpoints or tables, although the service told them', async () => {
    expect(world.told()).toBeGreaterThan(5)
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    const found = files
      .filter((one) => one.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .flatMap((path) => {
        // Spark removes blocks of its own at any time; what it removed is nowhere.
        if (!existsSync(path)) return []
        const bytes = readFileSync(path)
        return world.secrets.flatMap((secret) => findSecret(bytes, secret).map((form) => [path, form]))
      })
    expect(files.filter(({ name }) => name.startsWith('events_'))).not.toEqual([])
    expect(found).toEqual([])
  })
})
