import { describe, expect, it } from 'vitest'
import type { FeedDefinition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import { SourceUnavailableError } from '../../../libs/http/source_unavailable_error.ts'
import { askForUnseen } from '../../../pipeline/sync/ask_for_unseen.ts'
import { rowKeys } from '../../../pipeline/sync/row_keys.ts'
import { batchOf, jobOf, labels } from '../../support/jobs.ts'

const job = jobOf(labels)
const key = (id: string) => JSON.stringify([id])

function ask(unseen: string[], shown: string[], look: (id: string) => Sighting, { id = 2, narrowed = false } = {}) {
  const listed = { job: 'test.labels', partition: 'p', generation: { id, pages: 1, previous: 1 }, parts: [] }
  const asked: string[] = []
  const rows = shown.map((id) => ({ id, changed: null, content: 'x' }))
  const keys = rowKeys(job, [batchOf(labels, rows)])
  const feed = {
    lookAtRow: async (_: string, { id }: Record<string, string>) => {
      asked.push(id!)
      return look(id!)
    },
  } as unknown as FeedDefinition<null>
  const args: ReadArgs<null> = {
    connection: null,
    options: {},
    session: new Session(),
    signal: new AbortController().signal,
  }
  const answer = askForUnseen(
    listed,
    keys,
    { feed, jobs: [job] },
    { unseen: async () => unseen.map(key) },
    args,
    narrowed,
  )
  return { answer, asked }
}

describe('rows that a whole listing lacks', () => {
  it('are asked for, but for those that a page shows which is not stored yet', async () => {
    const { answer, asked } = ask(['a', 'b', 'ü"'], ['a', 'ü"'], () => ({ state: 'absent', status: 404 }))
    expect((await answer)!.asked).toEqual({ absent: [key('b')], kept: [] })
    expect(asked).toEqual(['b'])
  })

  it('stay when they answer, when nobody may say, and when asking fails', async () => {
    const refusal = { code: 'PARLEY_X', status: 403, message: 'no', remedy: '' }
    const { answer } = ask(['there', 'forbidden', 'failing', 'gone'], [], (id) => {
      if (id === 'failing') throw new SourceUnavailableError('GET /x', 5, 1, 'status 500', new Error('500'))
      if (id === 'forbidden') return { state: 'refused', refusal }
      return id === 'gone' ? { state: 'absent', status: 404 } : { state: 'present' }
    })
    const { absent, kept } = (await answer)!.asked!
    expect(absent).toEqual([key('gone')])
    expect(kept.toSorted()).toEqual(['there', 'forbidden', 'failing'].map(key).toSorted())
  })

  it('are asked for by the hundred, not by the thousand, in another order every time; the others stay', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `row ${index}`)
    const { answer, asked } = ask(many, [], () => ({ state: 'absent', status: 404 }))
    expect((await answer)!.asked).toMatchObject({ absent: { length: 500 }, kept: { length: 1_500 } })
    const next = ask(many, [], () => ({ state: 'absent', status: 404 }), { id: 3 })
    await next.answer
    expect(next.asked.filter((id) => asked.includes(id)).length).toBeLessThan(250)
  })

  it('are asked for by the hundred where the listing was narrowed: it can lack the same for good', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `row ${index}`)
    const { answer } = ask(many, [], () => ({ state: 'present' }), { narrowed: true })
    expect((await answer)!.asked).toMatchObject({ absent: [], kept: { length: 300 } })
    const { asked } = ask(many, [], () => ({ state: 'present' }), { narrowed: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toHaveLength(100)
  })

  it('are not asked for one by one where the answer is always no', async () => {
    const refusal = { code: 'PARLEY_X', status: 403, message: 'no', remedy: '' }
    const many = Array.from({ length: 300 }, (_, index) => `row ${index}`)
    const { answer, asked } = ask(many, [], () => ({ state: 'refused', refusal }))
    expect((await answer)!.asked).toMatchObject({ absent: [], kept: { length: 300 } })
    expect(asked).toHaveLength(5)
  })

  it('are nobody’s question where there are none', async () => {
    const { answer } = ask(['a'], ['a'], () => ({ state: 'present' }))
    expect(await answer).toBeNull()
  })
})
