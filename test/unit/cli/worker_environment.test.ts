import { describe, expect, it } from 'vitest'
import { poolOf } from '../../../pipeline/cli/worker_environment.ts'

describe('the size of the pool', () => {
  it.each([
    [{}, {}, {}],
    [{ workers: 3 }, {}, { workers: 3 }],
    [{}, { SYNC_MAX_CHANNEL_WORKERS: '10', SYNC_CHANNEL_BATCH_SIZE: '5' }, { workers: 10, batch: 5 }],
    [{ workers: 3 }, { SYNC_MAX_CHANNEL_WORKERS: '10' }, { workers: 3 }],
    [{}, { SYNC_MAX_CHANNEL_WORKERS: '', SYNC_CHANNEL_BATCH_SIZE: undefined }, {}],
  ])('of the flags %j and the environment %j is %j', (flags, env, expected) => {
    expect(poolOf(flags, env)).toEqual(expected)
  })

  it.each(['0', '-1', '2.5', 'many', '257'])('%s workers are refused by the name of their variable', (text) => {
    expect(() => poolOf({}, { SYNC_MAX_CHANNEL_WORKERS: text })).toThrow(/SYNC_MAX_CHANNEL_WORKERS is/)
    expect(() => poolOf({}, { SYNC_CHANNEL_BATCH_SIZE: text })).toThrow(/SYNC_CHANNEL_BATCH_SIZE is/)
  })
})
