import { describe, expect, it } from 'vitest'
import type { Facts } from '../game.ts'
import { violationsOf } from '../invariants.ts'
import type { SimulateOptions } from '../simulate.ts'
import { discord } from './game.ts'
import { PLAN, play, RUN } from './small_plan.ts'
import { readStored } from './stored.ts'

const START = '2026-01-15T08:00:00Z'

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
