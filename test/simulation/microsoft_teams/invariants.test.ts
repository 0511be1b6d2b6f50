import { afterEach, describe, expect, it, vi } from 'vitest'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { RunReport } from '../../../pipeline/sync/run_report.ts'
import { violationsOf } from '../invariants.ts'
import { type SimulateOptions, simulate } from '../simulate.ts'
import { microsoftTeams } from './game.ts'
import type { RunPlan, SimulationPlan } from './plan_types.ts'
import { readStored } from './stored.ts'

const RUN: RunPlan = {
  readMode: 'auto',
  full: false,
  before: [],
  during: [],
  faults: [],
  stop: null,
  pauseMs: 600_000,
}

/** Two syncs of a small tenant in fine weather. */
const PLAN: SimulationPlan = {
  seed: 1,
  world: {
    seed: 1,
    dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 15 } },
    latencyMs: 5,
    throttle: 'off',
    gzip: false,
  },
  connection: {},
  tables: ['messages', 'message_replies', 'teams', 'channels'],
  late: null,
  options: { page_size: '10' },
  scdType: 'SCD_TYPE_1',
  workers: 4,
  unitRows: 40,
  rateShare: 100,
  runs: [RUN, { ...RUN, before: [{ kind: 'messages', count: 3 }] }],
}

const play = async (plan: Partial<SimulationPlan>, options: SimulateOptions = {}) =>
  (await simulate(microsoftTeams, { ...PLAN, ...plan }, options)).violations.join('\n')

afterEach(() => {
  vi.restoreAllMocks()
})

it('the invariants of Microsoft Teams hold in fine weather', async () => expect(await play({})).toBe(''))

const SCHEMA = 'microsoft_teams'
const OLDEST = `WHERE id = (SELECT min(id) FROM ${SCHEMA}.messages)`

/** What is done to the file after the second run, and what must be said of it. */
const DAMAGE: [what: string, violation: string, sql: string][] = [
  ['a row is doubled', 'I1 keys held twice: 1', `INSERT INTO ${SCHEMA}.messages FROM ${SCHEMA}.messages ${OLDEST}`],
  ['a listed row is doubled', 'I1 listed keys held twice', `INSERT INTO ${SCHEMA}.teams FROM ${SCHEMA}.teams LIMIT 1`],
  [
    'a row is made up',
    'I2 rows of no message: 1',
    `INSERT INTO ${SCHEMA}.messages SELECT * REPLACE ('7' AS id) FROM ${SCHEMA}.messages ${OLDEST}`,
  ],
  ['a row is lost', 'I3 claimed but not held: 1', `DELETE FROM ${SCHEMA}.messages ${OLDEST}`],
  [
    'a row is of an older version',
    'I3 claimed but held in an older version: 1',
    `UPDATE ${SCHEMA}.messages SET lastModifiedDateTime = lastModifiedDateTime - INTERVAL 1 DAY ${OLDEST}`,
  ],
  [
    'a row goes back',
    'I4 rows that went back: 1',
    `UPDATE ${SCHEMA}.messages SET lastModifiedDateTime = lastModifiedDateTime - INTERVAL 1 DAY ${OLDEST}`,
  ],
  ['a row vanishes', 'I4 message rows that vanished: 1', `DELETE FROM ${SCHEMA}.messages ${OLDEST}`],
  [
    'a channel vanishes',
    'I4 listed rows that vanished: 1',
    `DELETE FROM ${SCHEMA}.channels WHERE id = (SELECT min(id) FROM ${SCHEMA}.channels)`,
  ],
  [
    'a time moves back',
    'I5 synced_until moved back',
    'UPDATE parley.coverage SET synced_until = synced_until - INTERVAL 1 DAY',
  ],
  ['a partition is well without a time', 'I6 lines', 'UPDATE parley.coverage SET synced_until = NULL'],
  ['a partition is in no state', 'I6 lines', "UPDATE parley.coverage SET state = 'fine'"],
  ['a partition is refused for no reason', 'I6 lines', "UPDATE parley.coverage SET state = 'refused', code = NULL"],
  [
    'a cursor leads elsewhere',
    'a link to http://127.0.0.1:9',
    `UPDATE parley.cursors SET cursor = '{"v":1,"x":"http://127.0.0.1:9/x"}'`,
  ],
  [
    'a cursor is written in another order',
    'another order of keys',
    `UPDATE parley.cursors SET cursor = '{"v":1,"t":5}'`,
  ],
  ['a cursor is of a later release', 'CursorInvalidError', `UPDATE parley.cursors SET cursor = '{"s":1,"t":5,"v":9}'`],
  ['a cursor is lost', 'I7 read, but without a cursor', 'DELETE FROM parley.cursors'],
  ['a run goes on for ever', 'runs still say running', "UPDATE parley.runs SET status = 'running'"],
  [
    'coverage contradicts the run',
    'I9 ok in spite of',
    "UPDATE parley.coverage SET state = 'behind', code = 'PARLEY_X'",
  ],
  ['rows are other than the run counted', 'I9 message_replies', `DELETE FROM ${SCHEMA}.message_replies`],
]

describe('what is stored of Microsoft Teams is broken, and it is seen', () => {
  it('after a run', async () => {
    const found: string[][] = []
    await play(
      {},
      {
        onFacts: async (facts, run) => {
          if (run !== 2) return
          const database = await facts.world.keepOpen()
          for (const [, , sql] of DAMAGE) {
            await database.connection.run(`BEGIN TRANSACTION; ${sql}`)
            found.push(violationsOf({ ...facts, after: await readStored(database) }))
            await database.connection.run('ROLLBACK')
          }
        },
      },
    )
    for (const [index, [what, violation]] of DAMAGE.entries())
      expect(found[index]?.join('\n'), what).toContain(violation)
  }, 120_000)

  it('at rest: a row differs', async () => {
    const afterRun: SimulateOptions['afterRun'] = async (world) => {
      const { connection } = await world.keepOpen()
      await connection.run(`UPDATE ${SCHEMA}.messages SET subject = 'other' ${OLDEST}`)
    }
    expect(await play({ runs: [RUN] }, { afterRun })).toContain('I11 different messages: 1')
  })

  it('at rest: every sync finds something new', async () => {
    const afterRun: SimulateOptions['afterRun'] = async (world) => {
      await (await world.keepOpen()).connection.run(`UPDATE ${SCHEMA}.teams SET _content_hash = 'x'`)
    }
    expect(await play({ runs: [RUN] }, { afterRun })).toContain('I12 no rest')
  })
})

describe('the engine is broken under Microsoft Teams, and it is seen', () => {
  const { commit } = DuckDbDestination.prototype

  it('drops a page of rows', async () => {
    let units = 0
    vi.spyOn(DuckDbDestination.prototype, 'commit').mockImplementation(function (
      this: DuckDbDestination,
      unit,
      onPhase,
    ) {
      return commit.call(this, ++units === 2 ? { ...unit, batches: unit.batches.slice(1) } : unit, onPhase)
    })
    expect(await play({})).toContain('after run 1: I3 claimed but not held')
  })

  it('stores each cursor before the rows that it stands behind: a crash loses them', async () => {
    let late: Parameters<typeof commit>[0]['batches'] = []
    vi.spyOn(DuckDbDestination.prototype, 'commit').mockImplementation(function (
      this: DuckDbDestination,
      unit,
      onPhase,
    ) {
      const batches = late
      late = unit.batches
      return commit.call(this, { ...unit, batches }, onPhase)
    })
    const stop = { kind: 'crash', event: 'commit_phase', phase: 'done', nth: 2 } as const
    expect(await play({ runs: [{ ...RUN, stop }, RUN] })).toMatch(/after run \d: I3 claimed but not held/)
  })

  it('stores rows without their cursors: I7', async () => {
    vi.spyOn(DuckDbDestination.prototype, 'commit').mockImplementation(function (
      this: DuckDbDestination,
      unit,
      onPhase,
    ) {
      return commit.call(this, { ...unit, cursors: [] }, onPhase)
    })
    expect(await play({})).toContain('after run 1: I7 read, but without a cursor')
  })

  it('has a bug: I8', async () => {
    vi.spyOn(DuckDbDestination.prototype, 'commit').mockRejectedValue(new TypeError('this is no unit'))
    expect(await play({})).toContain('after run 1: I8 the run threw TypeError')
  })

  it('calls everything a success: I9', async () => {
    vi.spyOn(RunReport.prototype, 'status').mockReturnValue({ status: 'ok' })
    const before = [{ kind: 'refuse_team', team: 0 } as const]
    expect(await play({ runs: [RUN, { ...RUN, before }] })).toContain('after run 2: I9 ok in spite of')
  })

  it('does not wait for as long as it was told: I10', async () => {
    const faults = [{ route: 'export', every: 2, count: 6, fault: { kind: 'throttle', retry_after: 45 } as const }]
    const runtime: SimulateOptions['runtime'] = ({ clock }) => ({
      // A client whose clock is four times as fast as the server's.
      now: () => clock.now() * 4,
      sleep: (ms, signal) => clock.sleep(Math.ceil(ms / 4), signal),
    })
    const plan = { runs: [{ ...RUN, faults }, RUN] }
    expect(await play(plan)).toBe('')
    expect(await play(plan, { runtime })).toContain('came before Retry-After was over')
  })
})
