import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { sparkEnvironment } from './environment.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000

describe.skipIf(environment === null)('the Python side of Spark', () => {
  const run = (...args: string[]): void => {
    const { status, stdout, stderr } = spawnSync(environment!.python, ['-m', ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    // Spark writes pages to stderr; pytest's own report is on stdout.
    expect(status, `${stdout.slice(-20_000)}\n${stderr.slice(-4_000)}`).toBe(0)
  }

  it('is formatted and free of lint', { timeout: MINUTES }, () => {
    run('ruff', 'check', 'pipeline/spark', 'test/spark', 'test/bench/spark')
    run('ruff', 'format', '--check', 'pipeline/spark', 'test/spark', 'test/bench/spark')
  })

  it('passes its tests on real Spark', { timeout: 40 * MINUTES }, () => {
    run('pytest', '-q', '-p', 'no:cacheprovider', 'test/spark')
  })
})
