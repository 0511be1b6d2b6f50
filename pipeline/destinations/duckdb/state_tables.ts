/** A state table: its columns with their DuckDB types, in order, and its primary key. */
export interface StateTable {
  columns: Record<string, string>
  key: string[]
}

const OF_PARTITION = { connection: 'VARCHAR', job: 'VARCHAR', partition: 'VARCHAR' }
const PARTITION_KEY = ['connection', 'job', 'partition']

/**
 * The tables of the schema `parley`, as the newest release has them; a step (`state_step_*.ts`) brings older ones here.
 * Every key starts with the connection's name, so that two tenants can share a file.
 */
export const STATE_TABLES: Record<string, StateTable> = {
  schema_version: { columns: { version: 'INTEGER NOT NULL', installed_at: 'TIMESTAMPTZ NOT NULL' }, key: [] },
  connections: {
    columns: {
      connection: 'VARCHAR',
      source: 'VARCHAR NOT NULL',
      account: 'VARCHAR NOT NULL',
      anonymization: 'VARCHAR',
    },
    key: ['connection'],
  },
  jobs: {
    columns: {
      connection: 'VARCHAR',
      job: 'VARCHAR',
      source_table: 'VARCHAR NOT NULL',
      scd_type: 'VARCHAR NOT NULL',
      primary_keys: 'VARCHAR NOT NULL',
      hashed_columns: 'VARCHAR NOT NULL',
      created_at: 'TIMESTAMPTZ NOT NULL',
      sequence_by: 'VARCHAR',
    },
    key: ['connection', 'job'],
  },
  cursors: {
    columns: { ...OF_PARTITION, cursor: 'VARCHAR NOT NULL', updated_at: 'TIMESTAMPTZ NOT NULL' },
    key: PARTITION_KEY,
  },
  coverage: {
    columns: {
      ...OF_PARTITION,
      params: 'VARCHAR NOT NULL',
      state: 'VARCHAR NOT NULL',
      synced_until: 'TIMESTAMPTZ',
      code: 'VARCHAR',
      message: 'VARCHAR',
      missing_since: 'TIMESTAMPTZ',
      run_id: 'VARCHAR NOT NULL',
      updated_at: 'TIMESTAMPTZ NOT NULL',
    },
    key: PARTITION_KEY,
  },
  snapshot_seen: {
    columns: { ...OF_PARTITION, key: 'VARCHAR', generation: 'BIGINT NOT NULL' },
    key: [...PARTITION_KEY, 'key'],
  },
  quarantine: {
    columns: {
      ...OF_PARTITION,
      code: 'VARCHAR NOT NULL',
      message: 'VARCHAR NOT NULL',
      row: 'VARCHAR NOT NULL',
      row_hash: 'VARCHAR',
      quarantined_at: 'TIMESTAMPTZ NOT NULL',
    },
    key: [...PARTITION_KEY, 'row_hash'],
  },
  runs: {
    columns: {
      run_id: 'VARCHAR',
      connection: 'VARCHAR NOT NULL',
      source: 'VARCHAR NOT NULL',
      status: 'VARCHAR NOT NULL',
      started_at: 'TIMESTAMPTZ NOT NULL',
      completed_at: 'TIMESTAMPTZ',
      result: 'VARCHAR',
    },
    key: ['run_id'],
  },
}
