import { expect, test } from 'vitest'
import { countTests, type TestReport } from '../../../scripts/check_tests.ts'

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
