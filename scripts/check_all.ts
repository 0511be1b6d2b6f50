import { checkDependencies } from './check_dependencies.ts'
import { checkDocs } from './check_docs.ts'
import { checkErrors } from './check_errors.ts'
import { type Check, printReport } from './check_report.ts'
import { checkSize } from './check_size.ts'

const checks: Readonly<Record<string, Check>> = {
  size: checkSize,
  dependencies: checkDependencies,
  errors: checkErrors,
  docs: checkDocs,
}

let passed = true
for (const [name, check] of Object.entries(checks)) passed = (await printReport(name, check)) && passed
if (!passed) process.exitCode = 1
