import { expect, it } from 'vitest'
import { checkSequences } from '../../../pipeline/spec/sequences.ts'
import type { TableJob } from '../../../pipeline/spec/types.ts'
import { discord } from '../../../sources/discord/index.ts'

const job = (sourceTable: string, sequenceBy?: string): TableJob => ({
  sourceTable,
  destination: { table: sourceTable },
  scdType: 'SCD_TYPE_1',
  options: {},
  line: 7,
  ...(sequenceBy === undefined ? {} : { sequenceBy }),
})
const check = (one: TableJob) => checkSequences([one], discord.tables, ({ line }) => ({ line, column: 1 }))

it('a table that marks deleted rows is ordered by the column made for that', () => {
  expect(check(job('messages', 'timestamp'))).toEqual([
    {
      position: { line: 7, column: 1 },
      message: 'messages marks deleted rows, and so is ordered by seen_at, not by timestamp.',
      remedy: 'Leave sequence_by out.',
    },
  ])
})

it.each([
  ['messages', undefined],
  ['messages', 'seen_at'],
  ['channels', 'name'],
  ['no_such_table', 'name'],
])('%s by %s is nobody’s problem here', (table, by) => {
  expect(check(job(table, by))).toEqual([])
})
