import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { toArrowSchema } from '../../../libs/schema/arrow_schema.ts'
import { boolean, float64, int32, int64, json, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import { duckDbColumns, quoteDuckDb } from '../../../libs/schema/duckdb.ts'
import { quoteSpark, sparkDdl } from '../../../libs/schema/spark.ts'

const everything = struct({
  id: text().required().describe('The key.'),
  team_id: text().required().added(),
  at: timestamp(),
  on: boolean(),
  n: int32(),
  big: int64(),
  x: float64(),
  detail: json(),
  body: struct({ contentType: text(), 'odd "name`': list(int32()) }),
  mentions: list(struct({ id: int32(), of: struct({ name: text() }) })),
  matrix: list(list(float64())),
})

describe('Arrow schema', () => {
  it('has the columns in order, then _rescued_data, then _raw', () => {
    expect(
      toArrowSchema(everything, { includeRaw: true }).fields.map(
        (field) => `${field.name}: ${field.type}${field.nullable ? '' : ' not null'}`,
      ),
    ).toEqual([
      'id: Utf8 not null',
      'team_id: Utf8 not null',
      'at: Timestamp<MICROSECOND, UTC>',
      'on: Bool',
      'n: Int32',
      'big: Int64',
      'x: Float64',
      'detail: Utf8',
      'body: Struct<{contentType:Utf8, odd "name`:List<Int32>}>',
      'mentions: List<Struct<{id:Int32, of:Struct<{name:Utf8}>}>>',
      'matrix: List<List<Float64>>',
      '_rescued_data: Utf8',
      '_raw: Utf8',
    ])
    expect(toArrowSchema(everything).fields.at(-1)!.name).toBe('_rescued_data')
    expect(toArrowSchema(everything).fields[0]!.metadata.get('comment')).toBe('The key.')
  })
})

describe('DuckDB', () => {
  it('takes the columns as they are, and shows the same types back', async () => {
    const columns = duckDbColumns(everything, { includeRaw: true })
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    try {
      const definitions = columns.map(
        ({ name, type, nullable }) => `${quoteDuckDb(name)} ${type}${nullable ? '' : ' NOT NULL'}`,
      )
      await connection.run(`CREATE TABLE t (${definitions.join(', ')})`)
      const shown = await connection.runAndReadAll(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = 't' ORDER BY column_index",
      )
      expect(shown.getRows()).toEqual([
        ['id', 'VARCHAR', false],
        ['team_id', 'VARCHAR', false],
        ['at', 'TIMESTAMP WITH TIME ZONE', true],
        ['on', 'BOOLEAN', true],
        ['n', 'INTEGER', true],
        ['big', 'BIGINT', true],
        ['x', 'DOUBLE', true],
        ['detail', 'VARCHAR', true],
        ['body', 'STRUCT(contentType VARCHAR, "odd ""name`" INTEGER[])', true],
        ['mentions', 'STRUCT(id INTEGER, "of" STRUCT("name" VARCHAR))[]', true],
        ['matrix', 'DOUBLE[][]', true],
        ['_rescued_data', 'VARCHAR', true],
        ['_raw', 'VARCHAR', true],
      ])
    } finally {
      connection.closeSync()
      database.closeSync()
    }
  })

  it('leaves _raw out unless it is wanted', () => {
    expect(duckDbColumns(struct({ id: text() })).map(({ name }) => name)).toEqual(['id', '_rescued_data'])
  })
})

describe('Spark', () => {
  it('gets one DDL text', () => {
    expect(sparkDdl(everything, { includeRaw: true })).toBe(
      [
        '`id` STRING NOT NULL',
        '`team_id` STRING NOT NULL',
        '`at` TIMESTAMP',
        '`on` BOOLEAN',
        '`n` INT',
        '`big` BIGINT',
        '`x` DOUBLE',
        '`detail` STRING',
        '`body` STRUCT<`contentType`: STRING, `odd "name```: ARRAY<INT>>',
        '`mentions` ARRAY<STRUCT<`id`: INT, `of`: STRUCT<`name`: STRING>>>',
        '`matrix` ARRAY<ARRAY<DOUBLE>>',
        '`_rescued_data` STRING',
        '`_raw` STRING',
      ].join(', '),
    )
    expect(sparkDdl(struct({ id: text() }))).toBe('`id` STRING, `_rescued_data` STRING')
  })

  it('quotes names', () => {
    expect(quoteSpark('a`b')).toBe('`a``b`')
    expect(quoteDuckDb('a"b')).toBe('"a""b"')
  })
})
