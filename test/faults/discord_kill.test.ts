import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../libs/simulator/random.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { FaultPlan } from '../../sources/discord/simulator/index.ts'
import { sync } from '../support/cli.ts'
import { DISCORD_SOFT_TABLES, DISCORD_SOUND, DISCORD_TABLES, discordDifferences } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'
import { type KillRecord, killRun } from '../support/kill_run.ts'
import { expectSound } from '../support/present.ts'

/** Kills in CI; `npm run test:soak` sets more. */
const KILLS = Number(process.env.PARLEY_KILLS ?? 5)
const KILLS_PER_SYNC = 5
const UNIT_ROWS = 500

const faults: FaultPlan = {
  rules: [
    { probability: 0.01, fault: { kind: 'status', status: 503, retry_after: null } },
    { probability: 0.01, fault: { kind: 'reset', when: 'mid_body' } },
    { probability: 0.01, fault: { kind: 'truncate', declared: 'full' } },
    { probability: 0.01, fault: { kind: 'throttle', retry_after: 0.1, scope: 'user' } },
    { probability: 0.01, route: 'messages', fault: { kind: 'overlap', rows: 7 } },
  ],
}

const SCD_TYPES: readonly ScdType[] = ['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY']

let world: DiscordWorld
afterEach(() => world.close())

describe(`${KILLS} kills with SIGKILL`, () => {
  const trials = Array.from({ length: Math.ceil(KILLS / KILLS_PER_SYNC) }, (_, index) => {
    return [index + 1, SCD_TYPES[index % SCD_TYPES.length]!] as const
  })
  const records: KillRecord[] = []

  it.each(trials)(
    'sync %i as %s under faults and changes, killed again and again, equals the truth',
    async (seed, scd_type) => {
      const chance = seededRandom(seed)
      world = await DiscordWorld.start({
        seed,
        dataset: {
          generated: { guilds: 4, channelsPerGuild: 5, messagesPerChannel: 240, threadsPerChannel: 4, days: 5 },
        },
        latencyMs: 5,
        shortPages: 0.1,
        mutateDuringWalk: { every: 5, max: 30 },
        faults,
      })
      const { simulator, database } = world
      expect(simulator.truth.counts()).toMatchObject({ guilds: 4 })
      const counts = simulator.truth.counts()
      expect(counts.messages).toBeGreaterThan(5_000)
      expect(Math.min(counts.threads, counts.reactions, counts.attachments)).toBeGreaterThan(60)
      // Short pages: the lists of guilds are larger, and come of several feeds at once.
      const options = { scd_type, page_size: 15 }
      const args = [...world.command({ retry_delay_ms: 20 }, options), '--workers', '4']
      for (let kill = 0; kill < KILLS_PER_SYNC; kill++) {
        const killed = [...args, '--progress', 'json', '--output', 'json']
        const record = await killRun(killed, {
          unitRows: UNIT_ROWS,
          insideCommit: chance.next() < 0.6 || kill < 2,
          afterUnits: 1 + chance.below(6),
          delayMs: chance.below(60),
        })
        records.push(record)
        expect(record.killed, `kill ${kill} of seed ${seed} came after the end:\n${record.stderr}`).toBe(true)
        expect(record.lostRows, `seed ${seed}, kill ${kill}`).toBeLessThanOrEqual(UNIT_ROWS)
        world.pass(2_000)
      }
      simulator.setFaults(null)
      // The changes of the walk are drawn: one more, so that something has been deleted in any case.
      simulator.mutate.delete()
      // The first of them meets the last changes of a walk, the second brings them.
      for (let quiet = 0; quiet < 2; quiet++) {
        world.pass(2_000)
        const { code, stderr } = await sync(args)
        expect(code, stderr).toBe(0)
      }
      expect(simulator.truth.gone.messages.length).toBeGreaterThan(0)
      // Appended rows of snapshots stay when what they tell of is gone.
      const compared = scd_type === 'APPEND_ONLY' ? DISCORD_SOFT_TABLES : DISCORD_TABLES
      expect(await discordDifferences(database, simulator, compared, scd_type)).toEqual({})
      await expectSound(database, scd_type, DISCORD_SOUND)
      world.pass(2_000)
      expect(changedRows((await sync(args)).result)).toBe(0)
    },
    240_000,
  )

  it('hit COMMIT itself often enough', () => {
    const inside = records.filter((record) => record.insideCommit).length
    const most = Math.max(...records.map((record) => record.lostRows))
    console.log(
      `${records.length} kills, ${inside} inside COMMIT, at most ${most} rows read again of a unit of ${UNIT_ROWS}`,
    )
    expect(inside).toBeGreaterThanOrEqual(Math.min(10, Math.floor(KILLS / 3)))
  })
})
