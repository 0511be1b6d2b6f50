import { describe, expect, it } from 'vitest'
import { afterLook, coveredUntil, fellBehind, wasAbsent, wasRefused } from '../../../pipeline/sync/coverage.ts'

const MINUTE = 60_000
const first = { job: 's.messages', partition: 't1', params: '{}', run_id: 'run 1' }
const second = { ...first, run_id: 'run 2' }
const forbidden = { code: 'PARLEY_PERMISSION_MISSING', status: 403, message: 'no', remedy: 'grant' }
const missing = { ...forbidden, code: 'PARLEY_NOT_FOUND', status: 404 }

describe('coverage of a partition', () => {
  it('keeps how far it was read when it is refused or falls behind', () => {
    const before = coveredUntil(first, 1000)
    expect(wasRefused(second, before, forbidden)).toMatchObject({
      state: 'refused',
      synced_until: 1000,
      code: forbidden.code,
    })
    expect(fellBehind(second, before, { code: 'X', message: 'm' })).toMatchObject({
      state: 'behind',
      synced_until: 1000,
    })
  })

  it('believes an absence at the second look in another run', () => {
    const once = wasAbsent(first, coveredUntil(first, 1000), 2000)
    expect(once).toMatchObject({ state: 'refused', missing_since: 2000 })
    expect(wasAbsent(second, once, 2001)).toMatchObject({ state: 'gone', missing_since: 2000 })
  })

  it('believes a second look in the same run only five minutes later', () => {
    const once = wasAbsent(first, undefined, 0)
    expect(wasAbsent(first, once, 5 * MINUTE - 1).state).toBe('refused')
    expect(wasAbsent(first, once, 5 * MINUTE).state).toBe('gone')
  })

  it('takes a refusal for a sign of life, even with 404: a list or a user named the partition', () => {
    const once = wasAbsent(first, undefined, 0)
    expect(wasRefused(second, once, forbidden)).toMatchObject({ state: 'refused', missing_since: null })
    expect(wasRefused(second, once, missing)).toMatchObject({ state: 'refused', missing_since: null })
  })

  it('reads a partition that answers although no list shows it', () => {
    expect(afterLook(first, undefined, { state: 'present' }, 0)).toBeNull()
    expect(afterLook(first, undefined, { state: 'absent', status: 404 }, 0)?.state).toBe('refused')
    expect(afterLook(first, undefined, { state: 'refused', refusal: forbidden }, 0)?.code).toBe(forbidden.code)
  })
})
