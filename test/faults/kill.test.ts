import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../libs/simulator/random.ts'
import type { FaultPlan } from '../../sources/microsoft_teams/simulator/index.ts'
import { type KillRecord, killRun } from '../support/kill_run.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

/** Kills in CI; `npm run test:soak` sets more. */
const KILLS = Number(process.env.PARLEY_KILLS ?? 20)
const KILLS_PER_SYNC = 5
const UNIT_ROWS = 1_000
const TEAMS = 42

const faults: FaultPlan = {
  rules: [
    { route: 'export', probability: 0.01, fault: { kind: 'status', status: 503, retry_after: null } },
    { route: 'export', probability: 0.01, fault: { kind: 'reset', when: 'mid_body' } },
    { route: 'export', probability: 0.01, fault: { kind: 'truncate', declared: 'full' } },
    { route: 'export', probability: 0.01, fault: { kind: 'throttle', retry_after: 0.1 } },
    { route: 'export', probability: 0.005, fault: { kind: 'token_expired' } },
  ],
}

let tenant: Tenant
afterEach(() => tenant.close())

describe(`${KILLS} kills with SIGKILL`, () => {
  const trials = Array.from({ length: Math.ceil(KILLS / KILLS_PER_SYNC) }, (_, index) => index + 1)
  const records: KillRecord[] = []

  it.each(trials)(
    'sync %i under faults, killed again and again, equals the truth',
    async (seed) => {
      const chance = seededRandom(seed)
      tenant = await startTenant({
        seed,
        dataset: { generated: { teams: TEAMS, channelsPerTeam: 2, messagesPerChannel: 130 } },
        latencyMs: 5,
        faults,
      })
      const args = ['--workers', '4', '--progress', 'json', '--output', 'json']
      for (let kill = 0; kill < KILLS_PER_SYNC; kill++) {
        // A fixed part of the remaining sync, so that every kill finds work before and behind it.
        const record = await killRun(tenant, args, {
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
      tenant.later()
      const last = await tenant.sync(['--workers', '4'])
      expect(last.code, last.stderr).toBe(0)
      const difference = await compareWithTruth(tenant.database, tenant.simulator)
      expect(difference, difference.examples.join('\n')).toMatchObject(equal)
      expect(difference.rows).toBeGreaterThanOrEqual(5_000)
    },
    180_000,
  )

  it('hit COMMIT itself often enough', () => {
    const inside = records.filter((record) => record.insideCommit).length
    console.log(
      `${records.length} kills, ${inside} inside COMMIT, most rows read again after one kill: ${Math.max(...records.map((record) => record.lostRows))} of a unit of ${UNIT_ROWS}`,
    )
    expect(inside).toBeGreaterThanOrEqual(Math.min(10, KILLS / 2))
  })
})
