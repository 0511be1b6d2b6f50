import { describe, expect, it } from 'vitest'
import type { CommitUnit, Destination } from '../../../pipeline/destinations/destination.ts'
import { Committer } from '../../../pipeline/sync/committer.ts'
import type { UnitPart } from '../../../pipeline/sync/unit.ts'
import { batchOf, notes } from '../../support/jobs.ts'

const bounds = { rows: 112, bytes: 1 << 20, milliseconds: 60_000 }
const rowsOf = (unit: CommitUnit) => unit.batches.reduce((sum, { batch }) => sum + batch.numRows, 0)

/** A destination whose commits end when the test says so. */
class HeldDestination implements Destination {
  readonly units: CommitUnit[] = []
  #release: (() => void)[] = []
  failWith: Error | null = null

  async open() {
    return { cursors: new Map(), coverage: new Map() }
  }
  async commit(unit: CommitUnit) {
    this.units.push(unit)
    await new Promise<void>((resolve) => this.#release.push(resolve))
    if (this.failWith) throw this.failWith
    return new Map()
  }
  async unseen() {
    return ['seen by nobody']
  }
  async saveRun() {}
  async close() {}
  release(): void {
    this.#release.shift()?.()
  }
}

function start(milliseconds = bounds.milliseconds) {
  const destination = new HeldDestination()
  let clock = 0
  const committer = new Committer({
    destination,
    observer: () => {},
    now: () => clock,
    onCommitted: () => {},
    bounds: { ...bounds, milliseconds },
  })
  return { destination, committer, pass: (ms: number) => (clock += ms) }
}

function page(rows: number, t = 1): UnitPart {
  const batch = batchOf(
    notes,
    Array.from({ length: rows }, (_, index) => ({ id: `${t}-${index}`, changed: null, content: 'x' })),
  )
  return {
    batches: [{ job: 'j', partition: 'p', batch }],
    cursors: [{ job: 'j', partition: 'p', cursor: { v: 1, t } }],
  }
}

const settled = async (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20))])

describe('Committer', () => {
  it('stores at two fifths of a unit and lets no more than a unit be fetched', async () => {
    const { destination, committer } = start()
    const place = committer.place('notes')
    await committer.ready(place)
    await committer.add(page(30, 1), place)
    expect(destination.units).toHaveLength(0)
    await committer.ready(place)
    await committer.add(page(30, 2), place)
    expect(destination.units.map(rowsOf)).toEqual([60])
    await committer.ready(place)
    await committer.add(page(15, 3), place)
    const blocked = committer.ready(place)
    expect(await settled(blocked)).toBe(false)
    destination.release()
    await blocked
    await committer.add(page(30, 4), place)
    expect(destination.units.map(rowsOf)).toEqual([60, 45])
    destination.release()
    await committer.flush()
  })

  it('stores less than two fifths when a page would not fit beside it', async () => {
    const { destination, committer } = start()
    const [one, other] = [committer.place('notes'), committer.place('notes')]
    await committer.ready(one)
    await committer.add(page(80, 1), one)
    destination.release()
    await expect.poll(() => settled(committer.ready(one))).toBe(true)
    await committer.add(page(30, 2), one)
    expect(destination.units.map(rowsOf)).toEqual([80])
    const waits = committer.ready(other)
    expect(destination.units.map(rowsOf)).toEqual([80, 30])
    destination.release()
    await waits
    await committer.add(page(1, 3), other)
    const flushed = committer.flush()
    destination.release()
    await flushed
  })

  it('keeps the last cursor of a partition in a unit', async () => {
    const { destination, committer } = start()
    await committer.add(page(10, 1))
    await committer.add(page(10, 2))
    const flushed = committer.flush()
    expect(destination.units[0]?.cursors).toEqual([{ job: 'j', partition: 'p', cursor: { v: 1, t: 2 } }])
    destination.release()
    await flushed
  })

  it('stores what has waited long enough', async () => {
    const { destination, committer, pass } = start(40)
    await committer.add(page(1))
    pass(50)
    await expect.poll(() => destination.units.length).toBe(1)
    destination.release()
    await committer.flush()
  })

  it('says when what was added is stored, also behind an older unit and a question to the destination', async () => {
    const { destination, committer } = start()
    await committer.stored()
    expect(destination.units).toHaveLength(0)
    await committer.add(page(60, 1))
    const asked = committer.unseen({
      job: 'j',
      partition: 'p',
      generation: { id: 1, pages: 1, previous: null },
      parts: [],
    })
    await committer.add(page(1, 2))
    const stored = committer.stored()
    destination.release()
    await asked
    expect(await settled(stored)).toBe(false)
    expect(destination.units.map(rowsOf)).toEqual([60, 1])
    destination.release()
    await stored
    await committer.flush()
  })

  it('takes nothing more after a unit could not be stored', async () => {
    const { destination, committer } = start()
    destination.failWith = new Error('disk full')
    await committer.add(page(60))
    await committer.add(page(60))
    const waits = committer.ready(committer.place('notes'))
    destination.release()
    await expect(waits).rejects.toThrow('disk full')
    await expect(committer.flush()).rejects.toThrow('disk full')
    await expect(committer.add(page(1))).rejects.toThrow('disk full')
    expect(destination.units).toHaveLength(1)
  })
})
