import { listFiles } from './check_files.ts'

const PYTHON = /^pipeline\/spark\/parley_spark\/\w+\.py$/
/** How the Python part asks for an option: `options.get("shard")`, `read_count(self.options, "max_tasks", 200)`. */
const ASKED = /\boptions(?:\.get\(|, )"(\w+)"/g
/** Set by every reader of a table, not by a connection's user. */
const ALWAYS_ALLOWED = new Set(['tablename'])

/** Options that the Spark reader itself understands, beside the source's own. Taken from its code: a list could lag behind. */
export function sparkOptions(root: string): string[] {
  const names = listFiles(root, PYTHON).flatMap((file) => [...file.read().matchAll(ASKED)].map(([, name]) => name!))
  return [...new Set(names)].filter((name) => !ALWAYS_ALLOWED.has(name)).sort()
}
