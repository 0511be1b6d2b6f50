import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a check found. No problems: it passed. */
export interface Report {
  /** One sentence with the numbers that a passing check shows. */
  summary: string
  /** One line each, with the file first where there is one. */
  problems: string[]
}

export type Check = (root: string) => Report | Promise<Report>

/** The project's folder. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** True in the file that node was asked to run. */
export function isMain(moduleUrl: string): boolean {
  return process.argv[1] === fileURLToPath(moduleUrl)
}

/** Prints what a check found and answers whether it passed. */
export async function printReport(name: string, check: Check, root = projectRoot): Promise<boolean> {
  const { summary, problems } = await check(root)
  const passed = problems.length === 0
  console.log(`${name}: ${passed ? 'passed' : `${problems.length} problems`}. ${summary}`)
  for (const problem of problems) console.log(`  ${problem}`)
  return passed
}

/** A check's script: runs it and sets the exit code when the file itself is run. */
export async function runAsScript(moduleUrl: string, name: string, check: Check): Promise<void> {
  if (isMain(moduleUrl) && !(await printReport(name, check))) process.exitCode = 1
}
