import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The project's own environment (`scripts/spark_venv.sh` makes it): pyarrow, pyspark. */
const venv = join(import.meta.dirname, '..', '..', '.venv', 'bin', 'python')

/**
 * The Python to test with: `PARLEY_PYTHON`, or that of `.venv`. Without one null, after saying so, and the test is to be skipped;
 * with `PARLEY_REQUIRE_ALL=1`, as in CI, that is an error instead.
 */
export function pythonOrSkip(): string | null {
  const python = process.env.PARLEY_PYTHON ?? venv
  if (existsSync(python)) return python
  const reason = `no Python at ${python}: run scripts/spark_venv.sh, or set PARLEY_PYTHON`
  if (process.env.PARLEY_REQUIRE_ALL === '1') throw new Error(reason)
  console.warn(`skipped: ${reason}`)
  return null
}
