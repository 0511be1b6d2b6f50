import { expect, test } from 'vitest'
import { countTests, slowest, type TestReport } from '../../../scripts/check_tests.ts'

const report = (over: Partial<TestReport>): TestReport => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  success: true,
  testResults: [],
  ...over,
})

test('counts tests by outcome', () => {
  expect(countTests(report({ numTodoTests: 2 }))).toEqual({ passed: 3, failed: 0, skipped: 3 })
})

test('a file that does not load is one failure more', () => {
  const testResults = [
    { name: 'a', status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    { name: 'b', status: 'failed', message: 'SyntaxError', assertionResults: [] },
  ]
  expect(countTests(report({ numFailedTests: 1, success: false, testResults }))).toMatchObject({ passed: 3, failed: 2 })
})

test('an error outside of all tests is a failure', () => {
  expect(countTests(report({ success: false }))).toMatchObject({ failed: 1 })
})

test('the slowest files are named, the slowest first', () => {
  const file = (name: string, seconds: number) => ({
    name: `/anywhere/test/${name}`,
    status: 'passed',
    assertionResults: [],
    startTime: 5_000,
    endTime: 5_000 + seconds * 1_000,
  })
  const testResults = [file('a.test.ts', 1), file('b.test.ts', 61.4), file('c.test.ts', 2)]
  expect(slowest({ testResults } as unknown as TestReport, 2)).toEqual([
    '    61 s  test/b.test.ts',
    '     2 s  test/c.test.ts',
  ])
})
