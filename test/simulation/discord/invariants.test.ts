import { afterEach, describe, expect, it, vi } from 'vitest'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { RunReport } from '../../../pipeline/sync/run_report.ts'
import type { Facts } from '../game.ts'
import { violationsOf } from '../invariants.ts'
import { NOTHING, type SimulateOptions, simulate } from '../simulate.ts'
import { discord } from './game.ts'
import type { RunPlan, SimulationPlan } from './plan_types.ts'
import { readStored } from './stored.ts'

const RUN: RunPlan = { ...NOTHING, pauseMs: 600_000 }
const START = '2026-01-15T08:00:00Z'

/** Two syncs of a small server in fine weather: before the second the oldest message of a channel goes, that of a thread changes. */
const PLAN: SimulationPlan = {
  seed: 1,
  world: {
    seed: 1,
    dataset: {
      generated: {
        guilds: 1,
        channelsPerGuild: 2,
        forums: 0,
        messagesPerChannel: 15,
        threadsPerChannel: 1,
        reactionsShare: 0.5,
      },
    },
    latencyMs: 5,
    throttle: 'off',
    gzip: false,
  },
  narrowed: null,
  connection: {},
  tables: ['messages', 'message_reactions', 'channels', 'threads', 'roles', 'pins'],
  late: null,
  options: { page_size: '10', edit_rescan_window: '315360000', include_reaction_users: 'true' },
  scdType: 'SCD_TYPE_1',
  workers: 4,
  unitRows: 40,
  rateShare: 100,
  runs: [
    RUN,
    {
      ...RUN,
      before: [
        { kind: 'delete_oldest', place: 1 },
        { kind: 'edit_oldest', place: 2 },
      ],
    },
  ],
}

const play = async (plan: Partial<SimulationPlan>, options: SimulateOptions = {}) =>
  (await simulate(discord, { ...PLAN, ...plan }, options)).violations.join('\n')

afterEach(() => {
  vi.restoreAllMocks()
})

it('the invariants of Discord hold in fine weather', async () => expect(await play({})).toBe(''))

const SCHEMA = 'discord'
const OLDEST = `WHERE id = (SELECT min(id) FROM ${SCHEMA}.messages WHERE deleted_at IS NULL AND edited_timestamp IS NULL)`
const ROLE = `WHERE id = (SELECT min(id) FROM ${SCHEMA}.roles)`
const EDITED = `WHERE edited_timestamp = (SELECT max(edited_timestamp) FROM ${SCHEMA}.messages)`

/** What is done to the file after the second run, and what must be said of it. */
const DAMAGE: [what: string, violation: string, sql: string][] = [
  ['a row is doubled', 'I1 keys held twice: 1', `INSERT INTO ${SCHEMA}.messages FROM ${SCHEMA}.messages ${OLDEST}`],
  ['a listed row is doubled', 'I1 listed keys held twice', `INSERT INTO ${SCHEMA}.roles FROM ${SCHEMA}.roles LIMIT 1`],
  [
    'a row is made up',
    'I2 rows that were never so: 1',
    `INSERT INTO ${SCHEMA}.messages SELECT * REPLACE ('7' AS id) FROM ${SCHEMA}.messages ${OLDEST}`,
  ],
  [
    'a message says what it never said',
    'I2 rows that were never so: 1',
    `UPDATE ${SCHEMA}.messages SET content = 'other' ${OLDEST}`,
  ],
  ['a role is other than it was', 'I2 rows that were never so: 1', `UPDATE ${SCHEMA}.roles SET name = 'other' ${ROLE}`],
  ['a row is lost', 'I3 messages claimed but not held: 1', `DELETE FROM ${SCHEMA}.messages ${OLDEST}`],
  [
    'a reaction is lost',
    'I3 message_reactions claimed but held in an older state: 1',
    `DELETE FROM ${SCHEMA}.message_reactions WHERE rowid = (SELECT min(rowid) FROM ${SCHEMA}.message_reactions)`,
  ],
  [
    'a deleted message has no mark',
    'I3 messages claimed but held in an older state: 1',
    `UPDATE ${SCHEMA}.messages SET deleted_at = NULL WHERE deleted_at IS NOT NULL`,
  ],
  ['a role is lost', 'I3 roles listed but not held: 1', `DELETE FROM ${SCHEMA}.roles ${ROLE}`],
  ['a pin is lost', 'I3 pins listed but not held: 1', `DELETE FROM ${SCHEMA}.pins`],
  [
    'a message is marked that is there',
    'I4 marked, but not deleted: 1',
    `UPDATE ${SCHEMA}.messages SET deleted_at = seen_at ${OLDEST}`,
  ],
  ['a row vanishes', 'I4 message rows that vanished: 1', `DELETE FROM ${SCHEMA}.messages ${OLDEST}`],
  ['a role vanishes', 'I4 listed rows that vanished: 1', `DELETE FROM ${SCHEMA}.roles ${ROLE}`],
  [
    'a time moves back',
    'I5 synced_until moved back',
    'UPDATE parley.coverage SET synced_until = synced_until - INTERVAL 1 DAY',
  ],
  ['a partition is well without a time', 'I6 lines', 'UPDATE parley.coverage SET synced_until = NULL'],
  ['a partition is in no state', 'I6 lines', "UPDATE parley.coverage SET state = 'fine'"],
  ['a partition is well with a code', 'I6 lines', "UPDATE parley.coverage SET code = 'PARLEY_SHARED_CHANNEL'"],
  ['a partition is refused for no reason', 'I6 lines', "UPDATE parley.coverage SET state = 'refused', code = NULL"],
  [
    'a place is gone, and what was in it has no mark',
    'I3 of a place that is gone, but not marked',
    "UPDATE parley.coverage SET state = 'gone', code = 'PARLEY_PARTITION_NOT_FOUND', missing_since = synced_until",
  ],
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
  ['a cursor is of a later release', 'CursorInvalidError', `UPDATE parley.cursors SET cursor = '{"f":1,"t":5,"v":9}'`],
  ['a cursor is lost', 'I7 read, but without a cursor', 'DELETE FROM parley.cursors'],
  ['a run goes on for ever', 'runs still say running', "UPDATE parley.runs SET status = 'running'"],
  [
    'coverage contradicts the run',
    'I9 ok in spite of',
    "UPDATE parley.coverage SET state = 'behind', code = 'PARLEY_X'",
  ],
  ['rows are other than the run counted', 'I9 message_reactions', `DELETE FROM ${SCHEMA}.message_reactions`],
]

/** Plays the plan to its second run, and gives what it holds then. */
async function onSecondRun(look: (facts: Facts) => Promise<void>): Promise<void> {
  await play({}, { onFacts: async (facts, run) => (run === 2 ? look(facts) : undefined) })
}

/** What is said after something was done to the file, which stays as it was. */
async function saidOf(facts: Facts, sql: string, check: (facts: Facts) => string[] = violationsOf): Promise<string> {
  const database = await facts.world.keepOpen()
  await database.connection.run(`BEGIN TRANSACTION; ${sql}`)
  const said = check({ ...facts, after: await readStored(database) })
  await database.connection.run('ROLLBACK')
  return said.join('\n')
}

describe('what is stored of Discord is broken, and it is seen', () => {
  it('after a run', async () => {
    const found: string[] = []
    await onSecondRun(async (facts) => {
      for (const [, , sql] of DAMAGE) found.push(await saidOf(facts, sql))
    })
    for (const [index, [what, violation]] of DAMAGE.entries()) expect(found[index], what).toContain(violation)
  }, 120_000)

  it('a message goes back to what it said before', async () => {
    let first = new Map<string, { content: string }[]>()
    let said = ''
    const onFacts: SimulateOptions['onFacts'] = async (facts, run) => {
      const held = facts.after!.messages.get('messages')!
      if (run === 1) first = held
      if (run !== 3) return
      const [, was] = [...first].find(([key, [row]]) => held.get(key)?.[0]?.content !== row!.content)!
      const content = (JSON.parse(was[0]!.content) as string[])[4]!.replaceAll("'", "''")
      const sql = `UPDATE ${SCHEMA}.messages SET content = '${content}', edited_timestamp = NULL ${EDITED}`
      said = await saidOf(facts, sql)
    }
    await play({ runs: [...PLAN.runs, RUN] }, { onFacts })
    expect(said).toContain('I4 rows that went back: 1')
    expect(said).toContain('I3 messages claimed but held in an older state: 1')
  }, 60_000)

  it('rows are held that an option leaves out', async () => {
    let said = ''
    await onSecondRun(async (facts) => {
      const options = { ...facts.plan.options, start_date: START }
      said = violationsOf({ ...facts, plan: { ...facts.plan, options } }).join('\n')
    })
    expect(said).toContain('I2 rows of another time')
  }, 60_000)

  const REST: [what: string, difference: string, sql: string][] = [
    ['a row differs', 'different messages: 1', `UPDATE ${SCHEMA}.messages SET content = 'other' ${OLDEST}`],
    ['a row is missing', 'missing messages: 1', `DELETE FROM ${SCHEMA}.messages ${OLDEST}`],
    ['a role differs', 'roles that lack or differ: 1', `UPDATE ${SCHEMA}.roles SET name = 'other' ${ROLE}`],
    [
      'there is a role too many',
      'roles too many: 1',
      `INSERT INTO ${SCHEMA}.roles SELECT * REPLACE ('7' AS id) FROM ${SCHEMA}.roles ${ROLE}`,
    ],
    ['nobody has reacted', 'users of reactions', `UPDATE ${SCHEMA}.message_reactions SET users = []`],
    ['a place has no line', 'has none', "DELETE FROM parley.coverage WHERE job = 'discord.messages'"],
    ['a line is of nothing', 'is ok', `UPDATE parley.coverage SET "partition" = 'x' WHERE job = 'discord.roles'`],
  ]

  it('at rest', async () => {
    const found: string[] = []
    await onSecondRun(async (facts) => {
      for (const [, , sql] of REST)
        found.push(await saidOf(facts, sql, discord.equalsTruth as (facts: Facts) => string[]))
    })
    for (const [index, [what, difference]] of REST.entries()) expect(found[index], what).toContain(difference)
  }, 60_000)

  it('at rest: every sync finds something new', async () => {
    const afterRun: SimulateOptions['afterRun'] = async (world) => {
      await (await world.keepOpen()).connection.run(`UPDATE ${SCHEMA}.roles SET _content_hash = 'x'`)
    }
    expect(await play({ runs: [RUN] }, { afterRun })).toContain('I12 no rest')
  }, 60_000)
})

type Unit = Parameters<DuckDbDestination['commit']>[0]

/** The engine stores other units than it has made. */
function storeInstead(change: (unit: Unit, number: number) => Unit): void {
  const { commit } = DuckDbDestination.prototype
  let units = 0
  vi.spyOn(DuckDbDestination.prototype, 'commit').mockImplementation(function (this: DuckDbDestination, unit, onPhase) {
    return commit.call(this, change(unit, ++units), onPhase)
  })
}

describe('the engine is broken under Discord, and it is seen', () => {
  it('drops a page of rows', async () => {
    storeInstead((unit, number) => (number === 2 ? { ...unit, batches: unit.batches.slice(1) } : unit))
    expect(await play({})).toMatch(/after run 1: I3 .* but not held/)
  })

  it('stores each cursor before the rows that it stands behind: a crash loses them', async () => {
    let late: Unit['batches'] = []
    storeInstead((unit) => {
      const batches = late
      late = unit.batches
      return { ...unit, batches }
    })
    const stop = { kind: 'crash', event: 'commit_phase', phase: 'done', nth: 2 } as const
    expect(await play({ runs: [{ ...RUN, stop }, RUN] })).toMatch(/after run \d: I3 .* but not held/)
  })

  it('stores rows without their cursors: I7', async () => {
    storeInstead((unit) => ({ ...unit, cursors: [] }))
    expect(await play({})).toContain('after run 1: I7 read, but without a cursor')
  })

  it('forgets what a page shows whole: deletions are not seen', async () => {
    storeInstead((unit) => ({ ...unit, scanned: [] }))
    expect(await play({})).toContain('after run 2: I3 messages claimed but held in an older state: 1')
  })

  it('takes a page to show more than it does: what is there is marked', async () => {
    storeInstead((unit) => ({ ...unit, scanned: unit.scanned.map((range) => ({ ...range, after: '0' })) }))
    expect(await play({})).toMatch(/after run \d: I4 marked, but not deleted/)
  })

  it('claims more than it has read: I3', async () => {
    storeInstead(({ coverage, ...unit }) => ({
      ...unit,
      coverage: coverage.map((line) => ({ ...line, synced_until: line.synced_until && line.synced_until + 3_600_000 })),
    }))
    const during = [{ afterRequests: 40, change: { kind: 'messages', count: 25 } as const }]
    expect(await play({ runs: [{ ...RUN, during }, RUN] })).toContain('after run 1: I3')
  })

  it('has a bug: I8', async () => {
    vi.spyOn(DuckDbDestination.prototype, 'commit').mockRejectedValue(new TypeError('this is no unit'))
    expect(await play({})).toContain('after run 1: I8 the run threw TypeError')
  })

  it('calls everything a success: I9', async () => {
    vi.spyOn(RunReport.prototype, 'status').mockReturnValue({ status: 'ok' })
    const before = [{ kind: 'hide_channel', channel: 1 } as const]
    expect(await play({ runs: [RUN, { ...RUN, before }] })).toContain('after run 2: I9 ok in spite of')
  })

  it('does not wait for as long as it was told: I10', async () => {
    const faults = [{ route: 'messages', every: 2, count: 6, fault: { kind: 'throttle', retry_after: 45 } as const }]
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
