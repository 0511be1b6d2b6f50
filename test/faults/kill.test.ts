import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../libs/simulator/random.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { FaultPlan } from '../../sources/microsoft_teams/simulator/index.ts'
import { type KillRecord, killRun } from '../support/kill_run.ts'
import { compareNow, expectSound } from '../support/present.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { equal } from '../support/truth.ts'

/** Kills in CI; `npm run test:soak` sets more. */
const KILLS = Number(process.env.PARLEY_KILLS ?? 20)
const KILLS_PER_SYNC = 5
const UNIT_ROWS = 1_000
const TEAMS = 42

const faults: FaultPlan = {
  rules: [
    { probability: 0.01, fault: { kind: 'status', status: 503, retry_after: null } },
    { probability: 0.01, fault: { kind: 'reset', when: 'mid_body' } },
    { probability: 0.01, fault: { kind: 'truncate', declared: 'full' } },
    { probability: 0.01, fault: { kind: 'throttle', retry_after: 0.1 } },
    // Of Graph only: the login service does not say so of itself, and its no ends a sync.
    { probability: 0.005, path: '/v1.0/**', fault: { kind: 'token_expired' } },
  ],
}

interface Way {
  read_mode: string
  scd_type: ScdType
}

/** Every way of reading with every way of applying; the first four of them have each of both once. */
const WAYS: readonly Way[] = [
  { read_mode: 'export', scd_type: 'SCD_TYPE_1' },
  { read_mode: 'delta', scd_type: 'SCD_TYPE_2' },
  { read_mode: 'list', scd_type: 'APPEND_ONLY' },
  { read_mode: 'auto', scd_type: 'SCD_TYPE_2' },
  { read_mode: 'export', scd_type: 'SCD_TYPE_2' },
  { read_mode: 'delta', scd_type: 'APPEND_ONLY' },
  { read_mode: 'list', scd_type: 'SCD_TYPE_1' },
  { read_mode: 'auto', scd_type: 'APPEND_ONLY' },
  { read_mode: 'export', scd_type: 'APPEND_ONLY' },
  { read_mode: 'delta', scd_type: 'SCD_TYPE_1' },
  { read_mode: 'list', scd_type: 'SCD_TYPE_2' },
  { read_mode: 'auto', scd_type: 'SCD_TYPE_1' },
]

let tenant: Tenant
afterEach(() => tenant.close())

describe(`${KILLS} kills with SIGKILL`, () => {
  const trials = Array.from({ length: Math.ceil(KILLS / KILLS_PER_SYNC) }, (_, index) => {
    const way = WAYS[index % WAYS.length]!
    return [index + 1, way.read_mode, way.scd_type, way] as const
  })
  const records: KillRecord[] = []

  it.each(trials)(
    'sync %i by %s as %s under faults, killed again and again, equals the truth',
    async (seed, read_mode, scd_type) => {
      const chance = seededRandom(seed)
      tenant = await startTenant(
        {
          seed,
          dataset: { generated: { teams: TEAMS, channelsPerTeam: 2, messagesPerChannel: 130 } },
          latencyMs: 5,
          sharedChannels: read_mode === 'auto' ? 5 : 0,
          mutateDuringWalk: { every: 20, max: 30 },
          faults,
        },
        // Pages of twenty threads: what four readers hold in their hands is far from a unit.
        { read_mode, scd_type, page_size: read_mode === 'export' ? 50 : 20 },
      )
      // Some teams cannot be exported, so that auto has both ways at once.
      if (read_mode === 'auto')
        for (const { id } of tenant.simulator.truth.teams().slice(0, 4)) tenant.simulator.mutate.refuseExport(id)
      const args = [...tenant.args, '--workers', '4', '--progress', 'json', '--output', 'json']
      for (let kill = 0; kill < KILLS_PER_SYNC; kill++) {
        // A fixed part of the remaining sync, so that every kill finds work before and behind it.
        const record = await killRun(args, {
          unitRows: UNIT_ROWS,
          insideCommit: chance.next() < 0.8,
          afterUnits: 1 + chance.below(2),
          delayMs: chance.below(60),
        })
        records.push(record)
        expect(record.killed, `kill ${kill} of seed ${seed} came after the end:\n${record.stderr.slice(-2000)}`).toBe(
          true,
        )
        expect(record.lostRows, `seed ${seed}, kill ${kill}`).toBeLessThanOrEqual(UNIT_ROWS)
      }
      tenant.simulator.setFaults(null)
      // The first of them meets the last changes of a walk, the second brings them.
      for (let sync = 0; sync < 2; sync++) {
        tenant.later()
        const { code, stderr } = await tenant.sync(['--workers', '4'])
        expect(code, stderr).toBe(0)
      }
      const difference = await compareNow(tenant.database, tenant.simulator, scd_type)
      expect(difference, difference.examples.join('\n')).toMatchObject(equal)
      expect(difference.rows).toBeGreaterThanOrEqual(5_000)
      await expectSound(tenant.database, scd_type)
      tenant.later()
      expect(changedRows((await tenant.sync()).result)).toBe(0)
    },
    240_000,
  )

  it('hit COMMIT itself often enough', () => {
    const inside = records.filter((record) => record.insideCommit).length
    console.log(
      `${records.length} kills, ${inside} inside COMMIT, most rows read again after one kill: ${Math.max(...records.map((record) => record.lostRows))} of a unit of ${UNIT_ROWS}`,
    )
    expect(inside).toBeGreaterThanOrEqual(Math.min(10, KILLS / 2))
  })
})
