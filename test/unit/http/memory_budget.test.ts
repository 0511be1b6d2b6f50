import { describe, expect, it } from 'vitest'
import { MemoryBudget } from '../../../libs/http/memory_budget.ts'

const MIB = 1024 * 1024

describe('MemoryBudget', () => {
  it('gates new requests by the size that answers usually have', () => {
    const budget = new MemoryBudget(10 * MIB)
    const first = budget.open()
    first.take(4 * MIB)
    first.close()
    const open = []
    while (budget.hasRoom) open.push(budget.open())
    expect(open).toHaveLength(2)
    for (const share of open) share.close()
    expect(budget.used).toBe(0)
  })

  it('lets the oldest answer grow beyond the budget, and the others wait for it', async () => {
    const budget = new MemoryBudget(10 * MIB)
    const [oldest, younger] = [budget.open(), budget.open()]
    expect(younger.take(6 * MIB)).toBeUndefined()
    expect(oldest.take(6 * MIB)).toBeUndefined()
    const waiting = younger.take(MIB)
    let done = false
    waiting?.then(() => {
      done = true
    })
    expect(oldest.take(20 * MIB)).toBeUndefined()
    await new Promise(setImmediate)
    expect([waiting !== undefined, done]).toEqual([true, false])
    oldest.close()
    await waiting
    expect(budget.used).toBe(7 * MIB)
  })

  it('ends the wait of a request that is given up', async () => {
    const budget = new MemoryBudget(MIB)
    const [oldest, younger] = [budget.open(), budget.open()]
    oldest.take(MIB)
    const waiting = younger.take(MIB)
    expect(waiting).toBeDefined()
    younger.close()
    await waiting
    expect(budget.used).toBe(MIB)
  })

  it('tells when there may be room', () => {
    const budget = new MemoryBudget(MIB)
    let told = 0
    budget.onRoom = () => told++
    const share = budget.open()
    share.close()
    share.close()
    expect(told).toBe(1)
  })
})
