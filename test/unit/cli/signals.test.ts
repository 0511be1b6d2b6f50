import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot, start } from './run_parley.ts'

/** A process that stops only when told twice: it shows the first signal and goes on. */
const stubborn = (launched: boolean) => `
  import { catchSignals } from '${join(projectRoot, 'pipeline/cli/signals.ts')}'
  const signals = catchSignals({ launched: ${launched} })
  signals.signal.addEventListener('abort', () => console.log(signals.signal.reason.code, signals.received()))
  setInterval(() => {}, 1000)
  console.log('ready')
`
const run = (launched: boolean) => start([process.execPath, '--input-type=module', '-e', stubborn(launched)])

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s asks to stop; the second one ends at once with %d', async (signal, code) => {
  const child = run(false)
  await child.shown('ready')
  child.process.kill(signal)
  await child.shown(`PARLEY_INTERRUPTED ${signal}`)
  child.process.kill(signal)
  expect(await child.ended).toMatchObject({ code, signal: null })
})

test('below the launcher, the echo of a terminal signal is not a second one', async () => {
  const child = run(true)
  await child.shown('ready')
  child.process.kill('SIGINT')
  await child.shown('PARLEY_INTERRUPTED')
  child.process.kill('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(child.process.exitCode).toBeNull()
  child.process.kill('SIGINT')
  expect(await child.ended).toMatchObject({ code: 130 })
})
