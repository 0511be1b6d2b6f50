import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
/** What scripts/spark_venv.sh exits with when this machine lacks Python or Java. */
const LACKS_EXIT_CODE = 42

export interface SparkEnvironment {
  python: string
  /** Releases beside the one of `python`, by the folder that goes before it in PYTHONPATH. */
  others: { release: string; packages: string }[]
}

/**
 * The Python of the Spark tests, made at the first call on a machine; null, with the reason printed, where Python 3.10
 * or Java 17 is missing. With PARLEY_REQUIRE_ALL=1 that is an error instead.
 */
export function sparkEnvironment(): SparkEnvironment | null {
  const made = spawnSync('bash', [join(ROOT, 'scripts/spark_venv.sh')], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (made.status === 0) return environmentIn(made.stdout.trim().split('\n').at(-1)!)
  if (made.status !== LACKS_EXIT_CODE || process.env.PARLEY_REQUIRE_ALL === '1') {
    throw new Error(`scripts/spark_venv.sh ended with ${made.status}:\n${made.stderr}`)
  }
  console.warn(`Spark tests are skipped: ${made.stderr.trim()}`)
  return null
}

function environmentIn(venv: string): SparkEnvironment {
  const folders = readdirSync(venv).filter((name) => name.startsWith('pyspark-'))
  const others = folders.map((name) => ({ release: name.slice('pyspark-'.length), packages: join(venv, name) }))
  return { python: join(venv, 'bin', 'python'), others }
}

/** A source's generated file, made by the project's own script in a process of its own. */
export function bundle(module: string, name: string, out: string): void {
  execFileSync(process.execPath, [join(ROOT, 'pipeline/bundle/bundle_file.ts'), module, name, out], { cwd: ROOT })
}
