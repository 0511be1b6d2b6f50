import { describe, expect, it } from 'vitest'
import { ReadAhead, type Size } from '../../../pipeline/sync/read_ahead.ts'

const page = (rows: number, bytes = 0): Size => ({ rows, bytes })

function start(bounds: Size) {
  const inHand = { rows: 0, bytes: 0 }
  let full = 0
  const ahead = new ReadAhead({ bounds, inHand: () => inHand, onFull: () => full++ })
  /** Takes a place and says whether it was given by now. */
  const take = (feed: string) => {
    const place = ahead.place(feed)
    const taken = { place, is: false }
    void place.take().then(() => {
      taken.is = true
    })
    return taken
  }
  /** A page of this size has come: it is gathered. */
  const come = ({ place }: ReturnType<typeof take>, rows: number, bytes = 0) => {
    place.give(page(rows, bytes))
    inHand.rows += rows
    inHand.bytes += bytes
    ahead.admit()
  }
  const store = () => {
    Object.assign(inHand, page(0))
    ahead.admit()
  }
  return { ahead, take, come, store, full: () => full }
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve))
const given = async (taken: { is: boolean }[]) => {
  await soon()
  return taken.map(({ is }) => is)
}

describe('pages that are fetched ahead', () => {
  it('are no more than there is room for, as large as the last ones of their feed', async () => {
    const { take, come } = start(page(9_500))
    // Nothing is known of the feed: a thousand rows each.
    const [first, second, ...others] = Array.from({ length: 10 }, () => take('a'))
    expect((await given([first!, second!, ...others])).filter(Boolean)).toHaveLength(6)
    come(first!, 100)
    // 5,000 on their way, and four of 100 more.
    expect((await given(others)).filter(Boolean)).toHaveLength(8)
    come(second!, 500)
    // 4,400 on their way; at 500 now.
    const more = Array.from({ length: 30 }, () => take('a'))
    expect((await given(more)).filter(Boolean)).toHaveLength(3)
  })

  it('leave room for other feeds, which need not wait for those of one that has its share', async () => {
    const { take } = start(page(8_000))
    const slow = Array.from({ length: 10 }, () => take('slow'))
    const other = take('other')
    expect((await given(slow)).filter(Boolean)).toHaveLength(5)
    expect(await given([other])).toEqual([true])
  })

  it('are expected to hold something, though the last ones were empty', async () => {
    const { take, come } = start(page(20_000))
    const empty = take('a')
    await soon()
    come(empty, 0)
    const next = Array.from({ length: 200 }, () => take('a'))
    expect((await given(next)).filter(Boolean)).toHaveLength(127)
  })

  it('come in the order of asking, so that large ones are not overtaken for ever', async () => {
    const { take, come, store } = start(page(1_200))
    const large = take('large')
    await soon()
    come(large, 900)
    store()
    const small = take('small')
    await soon()
    come(small, 200)
    const waiting = take('large')
    const after = take('small')
    expect(await given([waiting, after])).toEqual([false, false])
    store()
    expect(await given([waiting, after])).toEqual([true, false])
  })

  it('ask for the unit to be stored only where that makes room', async () => {
    const { take, come, full } = start(page(1_200))
    const begun = ['a', 'b', 'c', 'd'].map(take)
    expect((await given(begun)).filter(Boolean)).toHaveLength(3)
    // All the room is that of pages on their way: there is nothing to store.
    expect(full()).toBe(0)
    come(begun[0]!, 250)
    expect(await given(begun.slice(3))).toEqual([false])
    expect(full()).toBe(1)
  })

  it('do not have a few rows stored alone while others are under way, which may be few as well', async () => {
    const { take, come, full } = start(page(1_200))
    const begun = ['a', 'b', 'c', 'd'].map(take)
    come(begun[0]!, 100)
    expect(await given(begun)).toEqual([true, true, true, false])
    expect(full()).toBe(0)
    come(begun[1]!, 0)
    expect(await given(begun)).toEqual([true, true, true, true])
    expect(full()).toBe(0)
  })

  it('have what was gathered stored when none is under way, however little it is', async () => {
    const { take, come, store, full } = start(page(1_200))
    const [large, small] = [take('large'), take('small')]
    await soon()
    come(large, 1_000)
    store()
    come(small, 30)
    expect(full()).toBe(0)
    const waiting = take('large')
    expect(full()).toBe(1)
    store()
    expect(await given([waiting])).toEqual([true])
  })

  it('one is fetched however large it is', async () => {
    const { take, come, store } = start(page(10))
    const first = take('a')
    await soon()
    come(first, 5_000)
    const [second, third] = [take('a'), take('a')]
    expect(await given([second, third])).toEqual([false, false])
    store()
    expect(await given([second, third])).toEqual([true, false])
  })

  it('are bounded by bytes as by rows', async () => {
    const { take, come, store } = start(page(100_000, 1_300))
    const first = take('a')
    await soon()
    come(first, 1, 400)
    store()
    const next = [take('a'), take('a'), take('a')]
    expect(await given(next)).toEqual([true, true, false])
  })

  it('leave their room when nothing came', async () => {
    const { ahead, take } = start(page(1_200))
    const begun = ['a', 'b', 'c', 'd'].map(take)
    expect((await given(begun)).filter(Boolean)).toHaveLength(3)
    begun[0]!.place.give()
    ahead.admit()
    expect((await given(begun)).filter(Boolean)).toHaveLength(4)
  })
})
