import { describe, expect, test } from 'vitest'
import { toSyncJobs } from '../../../pipeline/cli/sync_plan.ts'
import type { SpecNotice } from '../../../pipeline/spec/notice.ts'
import { parsePipelineSpec } from '../../../pipeline/spec/pipeline_spec.ts'
import type { SpecInvalidError } from '../../../pipeline/spec/spec_invalid_error.ts'
import { microsoftTeams as source } from '../../../sources/microsoft_teams/index.ts'

/** From the text to the jobs of a local sync, with a real source. */
function plan(text: string, notices: SpecNotice[] = []) {
  const onNotice = (notice: SpecNotice): void => void notices.push(notice)
  return toSyncJobs(source, parsePipelineSpec(text, 'a.yaml', { source, onNotice }), onNotice)
}

function refuse(text: string): SpecInvalidError {
  try {
    plan(text)
  } catch (error) {
    return error as SpecInvalidError
  }
  throw new Error('The spec was accepted.')
}

const head = 'connection_name: prod\nobjects:\n'
const table = (name: string, lines: string[], rest = '') =>
  `  - table:\n      source_table: ${name}\n${rest}      table_configuration:\n${lines.map((line) => `        ${line}\n`).join('')}`
const messages = (...lines: string[]) => head + table('messages', lines)

describe('refused with its place', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a key that rows may lack',
      messages('primary_keys: [subject]', 'scd_type: SCD_TYPE_2'),
      '6:23: primary_keys names subject, which a row of messages may lack.',
      /^Name columns that every row has: id, team_id, channel_id\.$/,
    ],
    [
      'keys that rows may lack',
      messages('primary_keys: [id, subject, replyToId]'),
      '6:23: primary_keys names subject and replyToId, which a row of messages may lack.',
      /^Name columns that every row has: id, team_id, channel_id\.$/,
    ],
    [
      'a day that is none',
      messages('start_date: 2026-02-31'),
      '6:9: Option start_date must be a date',
      /^Set start_date to a date/,
    ],
    [
      'a range that ends before it begins',
      messages('end_date: 2026-05-01', 'start_date: 2026-05-31'),
      '7:9: Option start_date must be a time before end_date (2026-05-01T00:00:00Z); it is 2026-05-31T00:00:00Z.',
      /^Set start_date to a time before end_date/,
    ],
    [
      'a channel without its team',
      messages('channel_id: 19:a@thread.tacv2'),
      '6:9: Option channel_id must be given with exactly one team_id; there is none.',
      /^Set team_id to one value, or leave channel_id out\.$/,
    ],
    ...['parley', 'Information_Schema', 'pg_catalog'].map((schema): [string, string, string, RegExp] => [
      `the schema ${schema}`,
      head + table('messages', ['page_size: 5'], `      destination_schema: ${schema}\n`),
      `3:1: ${schema} is a schema of the destination's own.`,
      /^Name another destination_schema/,
    ]),
  ])('%s', (_, text, message, remedy) => {
    const error = refuse(text)
    expect([error.code, error.kind]).toEqual(['PARLEY_SPEC_INVALID', 'usage'])
    expect(error.message.startsWith(`a.yaml:${message}`), error.message).toBe(true)
    expect(error.remedy).toMatch(remedy)
  })
})

const places = (error: SpecInvalidError) =>
  error.message.split('\n').map((line) => /^a\.yaml:(\d+:\d+): /.exec(line)?.[1])

describe('problems of shape and of options come together', () => {
  test('an option whose value is wrong is not missed as well', () => {
    expect(places(refuse(messages('team_id: ","', 'channel_id: 19:a@thread.tacv2')))).toEqual(['6:9'])
    expect(places(refuse(messages('channel_id: ","', 'Team_Id: ","', 'page_size: 0')))).toEqual(['6:9', '7:9', '8:9'])
  })

  test('in one entry', () => {
    const error = refuse(
      messages('scd_type: SCD_TYPE_3', 'page_size: 0', 'page_sise: 5', 'primary_keys: [subject]', 'start_date: soon'),
    )
    expect(places(error)).toEqual(['6:19', '7:9', '8:9', '9:23', '10:9'])
  })

  test('in entries that can be understood; what cannot is told as it is', () => {
    const entries = [
      '  - tabel: 1\n',
      table('messages', ['page_size: 0'], '      destination_table: 5\n'),
      '  - table: { source_table: [messages], table_configuration: { page_size: 0 } }\n',
      table('channels', ['primary_keys: [id, 5]', 'page_size: 0'], '      destnation_table: x\n'),
      '  - table: { source_table: nothing, table_configuration: 5 }\n',
    ]
    const error = refuse(`connection_name: 5\nobjects:\n${entries.join('')}`)
    const lines = places(error)
    expect(lines).toEqual(['1:18', '3:5', '6:26', '8:9', '9:28', '12:7', '14:28', '15:9', '16:28', '16:58'])
  })

  test('a destination that cannot be read is no second entry with the default one', () => {
    const error = refuse(
      `${head}  - table: { source_table: messages }\n  - table: { source_table: messages, destination_table: 5 }\n`,
    )
    expect(places(error)).toEqual(['4:57'])
  })
})

describe('a start that lies ahead', () => {
  test('is said for tables that are read by time, with the line', () => {
    const notices: SpecNotice[] = []
    plan(messages('start_date: 2999-01-01') + table('teams', ['start_date: 2999-01-01']), notices)
    expect(notices).toEqual([
      {
        code: 'PARLEY_START_AHEAD',
        message:
          'start_date of messages is 2999-01-01T00:00:00Z, which is still to come: until then there is nothing to read.',
        file: 'a.yaml',
        line: 3,
      },
    ])
  })
})
