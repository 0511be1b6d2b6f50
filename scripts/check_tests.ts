import { readFileSync } from 'node:fs'
import { isMain } from './check_report.ts'

/** The parts of vitest's JSON report that are counted. */
export interface TestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests?: number
  success: boolean
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string }[]
    /** Epoch ms. */
    startTime?: number
    endTime?: number
  }[]
}

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/**
 * Tests by outcome. A file that could not be loaded counts as one failure, and so does a run that failed
 * without a failed test (an error outside of all tests).
 */
export function countTests(report: TestReport): TestCounts {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

/** The files that took longest, a line each: where a run that became long has become so. */
export function slowest({ testResults }: TestReport, count: number): string[] {
  return testResults
    .map(({ name, startTime = 0, endTime = 0 }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${name.replace(/^.*\/(?=test\/)/, '')}`)
}

if (isMain(import.meta.url)) {
  const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as TestReport
  const { passed, failed, skipped } = countTests(report)
  console.log(`${passed} ${failed} ${skipped}`)
  console.error(['slowest files:', ...slowest(report, 20)].join('\n'))
}
