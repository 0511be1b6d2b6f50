import { expect, it } from 'vitest'
import { Fresh } from '../../../libs/connect/fresh.ts'

/** Answers that a test gives one by one. */
function asked() {
  const answers: ((value: string | Error) => void)[] = []
  const fresh = new Fresh<string>(
    () =>
      new Promise((resolve, reject) => {
        answers.push((value) => (value instanceof Error ? reject(value) : resolve(value)))
      }),
  )
  return { fresh, answers }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('who asks while an answer is on its way shares the next one with the others', async () => {
  const { fresh, answers } = asked()
  const first = fresh.get()
  const others = [fresh.get(), fresh.get(), fresh.get()]
  expect(answers).toHaveLength(1)
  answers[0]!('old')
  expect(await first).toBe('old')
  await settled()
  expect(answers).toHaveLength(2)
  answers[1]!('new')
  expect(await Promise.all(others)).toEqual(['new', 'new', 'new'])
})

it('every question after an answer is asked again', async () => {
  const { fresh, answers } = asked()
  for (const answer of ['one', 'two']) {
    const asking = fresh.get()
    answers.at(-1)!(answer)
    expect(await asking).toBe(answer)
    await settled()
  }
  expect(answers).toHaveLength(2)
})

it('an answer that fails is its own askers trouble', async () => {
  const { fresh, answers } = asked()
  const first = fresh.get()
  const second = fresh.get()
  answers[0]!(new Error('down'))
  await expect(first).rejects.toThrow('down')
  await settled()
  answers[1]!('well')
  expect(await second).toBe('well')
})
