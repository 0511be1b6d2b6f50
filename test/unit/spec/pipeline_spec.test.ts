import { describe, expect, test } from 'vitest'
import type { SpecNotice } from '../../../pipeline/spec/notice.ts'
import { parsePipelineSpec, readPipelineSpec } from '../../../pipeline/spec/pipeline_spec.ts'
import { SPARK_OPTIONS } from '../../../pipeline/spec/spark_options.ts'
import type { SpecInvalidError } from '../../../pipeline/spec/spec_invalid_error.ts'
import { sample } from './sample_source.ts'

function parse(text: string, notices: SpecNotice[] = []) {
  return parsePipelineSpec(text, 'a.yaml', { source: sample, onNotice: (notice) => notices.push(notice) })
}

function refuse(text: string): SpecInvalidError {
  try {
    parse(text)
  } catch (error) {
    return error as SpecInvalidError
  }
  throw new Error('The spec was accepted.')
}

const head = 'connection_name: prod\nobjects:\n'
const posts = (rest: string) => `${head}  - table:\n      source_table: posts\n${rest}`
const configured = (...lines: string[]) =>
  posts(`      table_configuration:\n${lines.map((line) => `        ${line}\n`).join('')}`)

describe('a good spec', () => {
  test('takes every default', () => {
    expect(parse(posts(''))).toEqual({
      file: 'a.yaml',
      connectionName: 'prod',
      tables: [{ sourceTable: 'posts', destination: { table: 'posts' }, scdType: 'SCD_TYPE_1', options: {}, line: 3 }],
    })
  })

  test('null is not set, booleans and numbers are JSON text, lists and mappings JSON', () => {
    const spec = parse(
      configured(
        'page_size: 5',
        'include_raw: true',
        'room_ids: [12345678901234567890, b]',
        'top: null',
        'scd_type: ~',
      ),
    )
    expect(spec.tables[0]).toMatchObject({
      scdType: 'SCD_TYPE_1',
      options: { page_size: '5', include_raw: 'true', room_ids: '["12345678901234567890","b"]' },
    })
    expect(spec.tables[0]!.options).not.toHaveProperty('top')
  })

  test.each([
    ['primary_keys: [room_id, id]', ['room_id', 'id']],
    ['primary_keys: room_id, id', ['room_id', 'id']],
    [`primary_keys: '["room_id", "id"]'`, ['room_id', 'id']],
    [`primary_keys: "['room_id', 'id']"`, ['room_id', 'id']],
    ['primary_keys: id', ['id']],
  ])('%s', (line, keys) => {
    expect(parse(configured(line)).tables[0]!.primaryKeys).toEqual(keys)
  })

  test('scd_type in any case; sequence_by and cluster_by', () => {
    const [job] = parse(configured('scd_type: scd_type_2', 'sequence_by: changed_at', 'cluster_by: room_id')).tables
    expect(job).toMatchObject({ scdType: 'SCD_TYPE_2', sequenceBy: 'changed_at', clusterBy: ['room_id'], options: {} })
  })

  test('the same table twice with other destinations keeps both configurations', () => {
    const spec = parse(
      `${configured('page_size: 5')}  - table: { source_table: posts, destination_table: posts_2, table_configuration: { page_size: 7 } }\n`,
    )
    expect(spec.tables.map((job) => [job.destination.table, job.options.page_size, job.line])).toEqual([
      ['posts', '5', 3],
      ['posts_2', '7', 7],
    ])
  })

  test('a schema without a catalog is honoured', () => {
    expect(parse(posts('      destination_schema: chat\n')).tables[0]!.destination).toEqual({
      schema: 'chat',
      table: 'posts',
    })
  })

  test('anchors and merge keys', () => {
    const text = `${head}  - table:\n      source_table: posts\n      table_configuration: &shared { page_size: 9 }\n  - table:\n      source_table: rooms\n      table_configuration: { <<: *shared, include_raw: true }\n`
    expect(parse(text).tables[1]!.options).toEqual({ page_size: '9', include_raw: 'true' })
  })

  test('an option of another connector is accepted and said, with its line', () => {
    const notices: SpecNotice[] = []
    parse(configured('page_size: 5', 'TOP: 50'), notices)
    expect(notices).toEqual([{ code: 'PARLEY_OPTION_IGNORED', message: 'top does nothing.', file: 'a.yaml', line: 7 }])
  })

  test('an option of another engine is left out and said; without one it is unknown', () => {
    const notices: SpecNotice[] = []
    const text = configured('page_size: 5', 'Shard: 1/4')
    const otherEngine = { name: 'Spark', options: SPARK_OPTIONS }
    const rules = { source: sample, onNotice: (notice: SpecNotice) => notices.push(notice) }
    expect(parsePipelineSpec(text, 'a.yaml', { ...rules, otherEngine }).tables[0]!.options).toEqual({ page_size: '5' })
    const message = 'shard is for Spark and does nothing here.'
    expect(notices).toEqual([{ code: 'PARLEY_OPTION_IGNORED', message, file: 'a.yaml', line: 7 }])
    expect(() => parsePipelineSpec(text, 'a.yaml', rules)).toThrow(/Shard/i)
  })

  test('JSON with tabs and a byte order mark', () => {
    expect(
      parse('\uFEFF{\n\t"connection_name": "prod",\n\t"objects": [{"table": {"source_table": "rooms"}}]\n}').tables[0]!
        .line,
    ).toBe(3)
  })
})

describe('a bad spec says where and what to do', () => {
  test.each<[string, string, string, string | RegExp]>([
    [
      'empty file',
      '',
      '1:1: the spec is empty.',
      /^Write a mapping with connection_name and objects, one entry a table\.$/,
    ],
    ['not YAML', `${head}  - table: [\n`, '4:1: not valid YAML: ', /Mend the line/],
    ['a tab as indentation', `${head}\t- table: {}\n`, '3:1: not valid YAML: ', /Mend the line/],
    [
      'a key twice',
      `connection_name: a\nconnection_name: b\n`,
      '2:1: not valid YAML: duplicated mapping key',
      /Mend the line/,
    ],
    ['two documents', `${posts('')}---\na: 1\n`, '5:1: not valid YAML: there is more than one document.', /Mend/],
    [
      'no connection_name',
      'objects:\n  - table: { source_table: posts }\n',
      '1:1: the spec has no connection_name.',
      /^Add connection_name: /,
    ],
    [
      'blank connection_name',
      `connection_name: "  "\nobjects: [{ table: { source_table: posts } }]\n`,
      '1:18: connection_name is a blank text.',
      /^Write a text: /,
    ],
    ['no objects', 'connection_name: a\n', '1:1: the spec has no objects.', /one entry a table/],
    ['empty objects', 'connection_name: a\nobjects: []\n', '2:10: objects is an empty list.', /one entry a table/],
    ['objects: null', 'connection_name: a\nobjects:\n', '2:1: objects is empty.', /one entry a table/],
    [
      'unknown key at the top',
      `${posts('')}objcts: []\n`,
      '5:1: there is no key objcts in the spec.',
      /^Did you mean objects\?/,
    ],
    [
      'unknown key of an object',
      `${head}  - tabel: { source_table: posts }\n`,
      '3:5: there is no key tabel in objects[0].',
      /^Did you mean table\?/,
    ],
    [
      'unknown key of a table',
      posts('      destnation_table: x\n'),
      '5:7: there is no key destnation_table in table.',
      /^Did you mean destination_table\?/,
    ],
    [
      'no source_table',
      `${head}  - table:\n      destination_table: x\n`,
      '3:5: table has no source_table.',
      /^Add source_table: /,
    ],
    [
      'a number as destination',
      posts('      destination_table: 5\n'),
      '5:26: destination_table is the number 5.',
      /^Write a text/,
    ],
    [
      'unknown source_table',
      `${head}  - table:\n      source_table: post\n`,
      '4:21: sample has no table post.',
      'Did you mean posts? Known: rooms, posts.',
    ],
    [
      'unknown option',
      configured('page_size: 5', 'page_sise: 5'),
      '7:9: There is no option page_sise.',
      /^Did you mean page_size\? Known: scd_type, primary_keys, sequence_by, cluster_by, include_raw, page_size, room_ids\.$/,
    ],
    [
      'a mistyped setting',
      configured('primary_key: id'),
      '6:9: There is no option primary_key.',
      /^Did you mean primary_keys\?/,
    ],
    [
      'an option of the connection',
      configured('api_key: x'),
      '6:9: There is no option api_key.',
      /move it to the connection file/,
    ],
    [
      'a value out of range',
      configured('page_size: "51"'),
      '6:9: Option page_size must be a whole number from 1 to 50',
      /^Set page_size to/,
    ],
    [
      'True of Python',
      configured('include_raw: maybe'),
      '6:9: Option include_raw must be true or false',
      /^Set include_raw/,
    ],
    [
      'unknown scd_type',
      configured('scd_type: SCD_TYPE_3'),
      '6:19: scd_type is the text "SCD_TYPE_3".',
      /^Write one of SCD_TYPE_1 /,
    ],
    ['scd_type as number', configured('scd_type: 2'), '6:19: scd_type is the number 2.', /^Write one of SCD_TYPE_1 /],
    [
      'a key that is no column',
      configured('primary_keys: [room_id, identity]'),
      '6:23: primary_keys names identity, which is not a column of posts.',
      /Known: id, room_id, body, changed_at/,
    ],
    ['a key twice in the list', configured('primary_keys: [id, id]'), '6:23: primary_keys names id twice.', /once/],
    [
      'keys of commas only',
      configured('primary_keys: ","'),
      '6:23: primary_keys names no column.',
      /^Name columns of posts/,
    ],
    [
      'sequence_by no column',
      configured('sequence_by: changedat'),
      '6:22: sequence_by names changedat, ',
      /^Did you mean changed_at\?/,
    ],
    [
      'the same destination twice',
      `${posts('')}  - table: { source_table: rooms, destination_schema: Sample, destination_table: POSTS }\n`,
      '5:5: Sample.POSTS is already the destination of the entry in line 3.',
      /another destination_table/,
    ],
  ])('%s', (_, text, message, remedy) => {
    const error = refuse(text)
    expect([error.code, error.kind]).toEqual(['PARLEY_SPEC_INVALID', 'usage'])
    expect(error.message.startsWith(`a.yaml:${message}`), error.message).toBe(true)
    expect(error.remedy).toMatch(remedy)
    expect(error.details).toMatchObject({
      file: 'a.yaml',
      line: Number(message.split(':')[0]),
      column: Number(message.split(':')[1]),
    })
  })

  test('all problems of a stage come at once, in the order of the lines', () => {
    const error = refuse(configured('page_size: 0', 'room_id: x', 'sequence_by: nothing'))
    expect(error.message.split('\n').map((line) => line.slice(0, 11))).toEqual([
      'a.yaml:6:9:',
      'a.yaml:7:9:',
      'a.yaml:8:22',
    ])
    expect(error.details.problems).toHaveLength(3)
  })

  test('the text of a wrong option stays out of the message', () => {
    expect(JSON.stringify(refuse(configured('page_size: hunter2')).toJSON())).not.toContain('hunter2')
  })

  test('a file that is not there', async () => {
    await expect(readPipelineSpec('no/such.yaml', { source: sample })).rejects.toMatchObject({
      code: 'PARLEY_FILE_UNREADABLE',
      kind: 'usage',
    })
  })
})
