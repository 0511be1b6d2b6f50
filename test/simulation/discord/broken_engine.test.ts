import { afterEach, describe, expect, it, vi } from 'vitest'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { RunReport } from '../../../pipeline/sync/run_report.ts'
import type { SimulateOptions } from '../simulate.ts'
import { play, RUN } from './small_plan.ts'

afterEach(() => {
  vi.restoreAllMocks()
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
