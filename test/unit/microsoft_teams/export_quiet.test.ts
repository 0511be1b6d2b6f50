import { describe, expect, it } from 'vitest'
import { ResponseTooLargeError } from '../../../libs/http/response_too_large_error.ts'
import type { ExportAnswer, ExportPages } from '../../../sources/microsoft_teams/feeds/export_pages.ts'
import { holdsChange, QuietProofs } from '../../../sources/microsoft_teams/feeds/export_quiet.ts'
import { openWindow } from '../../../sources/microsoft_teams/feeds/export_window.ts'
import type { HostedChannels } from '../../../sources/microsoft_teams/feeds/hosted_channels.ts'

const NOW = 1_700_000_000_000
const LATE = 60_000
const walkBegun = (began: number) => ({ ...openWindow(1, NOW - 9_000_000), pages: 3, began, channels: 'same' })
const change = (modified: number, created = NOW - 90_000_000) => ({
  createdDateTime: new Date(created).toISOString(),
  lastModifiedDateTime: new Date(modified).toISOString(),
})

const SEEN = new Set(['a', 'b'])
const listOf = (digest: string | undefined) =>
  digest === undefined ? undefined : { digest, ids: new Set(['a', 'b', 'c']) }

/** Answers each range by hand. */
function proofs() {
  const asked: { a: number; answer(rows: unknown[], next?: string): void; fail(error: Error): void }[] = []
  const between = (a: number) =>
    new Promise<ExportAnswer>((resolve, reject) => {
      asked.push({ a, answer: (rows, next) => resolve({ rows, next, served: NOW }), fail: reject })
    })
  const hosted = { digest: 'same' as string | undefined, now: async () => listOf(hosted.digest) }
  const pages = { between, clock: NOW } as unknown as ExportPages
  return { asked, hosted, proofs: new QuietProofs(pages, hosted as unknown as HostedChannels, LATE) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('holdsChange', () => {
  const window = walkBegun(NOW)
  it.each<[string, unknown, boolean]>([
    ['a change since the walk began', change(NOW + 5), true],
    ['one that may have shown late', change(NOW - LATE), true],
    ['one from before', change(NOW - LATE - 1), false],
    ['a message that is younger than the window', change(NOW + 5, NOW - 9_000_000), false],
    ['a message without a time', {}, true],
    ['what is no message', 7, true],
  ])('judges %s', (_, row, holds) => {
    expect(holdsChange(window, [row], LATE)).toBe(holds)
  })
})

describe('QuietProofs', () => {
  it('asks once for all walks that ended while a request was on its way, from where the oldest began', async () => {
    const { asked, proofs: quiet } = proofs()
    const first = quiet.isQuiet(walkBegun(NOW), SEEN)
    await turn()
    const others = [quiet.isQuiet(walkBegun(NOW + 7), SEEN), quiet.isQuiet(walkBegun(NOW + LATE + 10), SEEN)]
    expect(asked.map(({ a }) => a)).toEqual([NOW - LATE])
    asked[0]!.answer([])
    expect(await first).toBe(true)
    await turn()
    expect(asked.map(({ a }) => a)).toEqual([NOW - LATE, NOW + 7 - LATE])
    asked[1]!.answer([change(NOW + 8)])
    // The second walk began after that change could still have shown.
    expect(await Promise.all(others)).toEqual([false, true])
  })

  it('asks one by one when there is more than a page of changes', async () => {
    const { asked, proofs: quiet } = proofs()
    const all = [NOW, NOW, NOW + 900_000].map((began) => quiet.isQuiet(walkBegun(began), SEEN))
    await turn()
    expect(asked).toHaveLength(1)
    asked[0]!.answer([], 'more')
    await turn()
    asked[1]!.answer([], 'more')
    await turn()
    asked[2]!.answer([], 'more')
    await turn()
    asked[3]!.answer([])
    expect(await Promise.all(all)).toEqual([false, false, true])
  })

  it.each([
    ['has other channels now', 'other'],
    ['no longer shows its channels', undefined],
  ])('proves nothing of a team that %s', async (_, channels) => {
    const { asked, hosted, proofs: quiet } = proofs()
    hosted.digest = channels
    const proof = quiet.isQuiet(walkBegun(NOW), SEEN)
    await turn()
    asked[0]!.answer([])
    expect(await proof).toBe(false)
  })

  it('proves nothing of rows in a channel that is not listed', async () => {
    const { asked, proofs: quiet } = proofs()
    const proof = quiet.isQuiet(walkBegun(NOW), new Set(['a', 'deleted']))
    await turn()
    asked[0]!.answer([])
    expect(await proof).toBe(false)
  })

  it('hands a failure to all that wait, and goes on; an answer that is too large proves nothing', async () => {
    const { asked, proofs: quiet } = proofs()
    const first = quiet.isQuiet(walkBegun(NOW), SEEN)
    await turn()
    asked[0]!.fail(new Error('refused'))
    await expect(first).rejects.toThrow('refused')
    await turn()
    const second = quiet.isQuiet(walkBegun(NOW), SEEN)
    await turn()
    asked[1]!.fail(new ResponseTooLargeError('page', 5))
    expect(await second).toBe(false)
  })
})
