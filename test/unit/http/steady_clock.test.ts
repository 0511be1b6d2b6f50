import { describe, expect, it } from 'vitest'
import { steadyClock } from '../../../libs/http/steady_clock.ts'

describe('a steady clock', () => {
  it.each([
    ['goes as the machine’s does', [10, 10, 15, 40], [10, 10, 15, 40]],
    ['stands still where that is put back, and goes on from there', [100, 130, 30, 50, 60], [100, 130, 130, 150, 160]],
    ['is never back, however often that is', [100, 90, 95, 80, 100], [100, 100, 105, 105, 125]],
    ['follows it forward', [0, 7_200_000, 7_200_001], [0, 7_200_000, 7_200_001]],
  ])('%s', (_, read, shown) => {
    let at = 0
    const now = steadyClock(() => read[at]!)
    const seen = read.map((_, index) => {
      at = index
      return now()
    })
    expect(seen).toEqual(shown)
  })
})
