import { describe, expect, it } from 'vitest'
import readerOptions from '../../../pipeline/connection/reader_options.json' with { type: 'json' }
import { readSpec } from '../../../pipeline/spark/child/read_spec.ts'
import { SPARK_OPTIONS } from '../../../pipeline/spec/spark_options.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'

const spec = (table_configuration: Record<string, string | number>) =>
  readSpec(microsoftTeams, {
    connection_name: 'c',
    objects: [{ table: { source_table: 'messages', table_configuration } }],
  })

describe('options of the Spark reader in a spec', () => {
  it('go to the reads of their table, beside those of the source', () => {
    const { tables } = spec({ shard: '0/2', concurrent_streams: 2, lookback_seconds: '60' })
    expect(tables).toMatchObject([{ options: { shard: '0/2', concurrent_streams: '2', lookback_seconds: '60' } }])
  })

  it.each([
    [{ concurrent_streams: 0 }, 'concurrent_streams'],
    [{ replay: 'never' }, 'replay'],
    [{ parley_hashed: '[]' }, 'There is no option parley_hashed'],
  ])('%j is refused with the name', (options, said) => {
    expect(() => spec(options as Record<string, string>)).toThrow(said)
  })

  it('are those that the Python part reads, but for what `ingest` sets', () => {
    const read = Object.keys(readerOptions).filter((name) => !name.startsWith('parley_'))
    expect(Object.keys(SPARK_OPTIONS).sort()).toEqual(read)
  })
})
