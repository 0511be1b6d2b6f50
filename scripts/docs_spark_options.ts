import { FRAMEWORK_OPTIONS } from '../pipeline/connection/allow_list.ts'
import { listFiles } from './check_files.ts'

const READERS = /^pipeline\/spark\/(parley_spark\/\w+\.py|child\/\w+\.ts)$/
/**
 * How the Python part asks for an option: `options.get("shard")`, `read_count(self.options, "max_tasks", 200)`, and how
 * the JavaScript part names one: `const HASHED_OPTION = 'parley_hashed'`.
 */
const ASKED = /\boptions(?:\.get\(|, )"(\w+)"|_OPTION = '(\w+)'/g

/** Where the list is kept: the npm package has it, and no Python file. */
export const READER_OPTIONS = 'pipeline/connection/reader_options.json'

/** Options that the Spark reader itself understands, beside the source's own. Taken from its code: a list could lag behind. */
export function sparkOptions(root: string): string[] {
  return [...readers(root).keys()]
}

/** Each of them with the file that reads it first, as JSON. */
export function readerOptionsFile(root: string): string {
  return `${JSON.stringify(Object.fromEntries(readers(root)), null, 2)}\n`
}

function readers(root: string): Map<string, string> {
  const framework = new Set(FRAMEWORK_OPTIONS.map((name) => name.toLowerCase()))
  const found = new Map<string, string>()
  for (const file of listFiles(root, READERS)) {
    for (const [, python, javaScript] of file.read().matchAll(ASKED)) {
      const name = (python ?? javaScript)!
      if (!framework.has(name.toLowerCase()) && !found.has(name)) found.set(name, file.path.split('/').at(-1)!)
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}
