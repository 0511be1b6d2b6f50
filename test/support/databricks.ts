import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stands in for the Databricks CLI: notes its arguments, the mode of the file and what is in it, and ends as it is told. */
const SCRIPT = `#!/usr/bin/env bash
printf '%s\\n' "$@" >>"$0.args"
file=\${@: -1}
cp "\${file#@}" "$0.body"
ls -l "\${file#@}" | cut -c1-10 >"$0.mode"
printf '%s' "\${file#@}" >"$0.file"
# The file is whole before anybody waits, or says that this program runs.
[ -z "\${DATABRICKS_FAKE_SLEEP:-}" ] || { echo sleeping >"$0.runs"; exec sleep "$DATABRICKS_FAKE_SLEEP"; }
[ -z "\${DATABRICKS_FAKE_ERROR:-}" ] || { echo "$DATABRICKS_FAKE_ERROR" >&2; exit 1; }
echo '{"name": "made"}'
`

/** A folder for the PATH with a stand-in for the Databricks CLI, and what it was given. */
export function fakeDatabricks(folder: string) {
  mkdirSync(folder, { recursive: true })
  const program = join(folder, 'databricks')
  writeFileSync(program, SCRIPT)
  chmodSync(program, 0o755)
  const told = (what: string): string => readFileSync(`${program}.${what}`, 'utf8')
  return {
    path: `${folder}:${process.env.PATH}`,
    wasRun: () => existsSync(`${program}.args`),
    runs: () => existsSync(`${program}.runs`),
    args: () => told('args').trimEnd().split('\n'),
    body: () => JSON.parse(told('body')) as { name: string; connection_type: string; options: Record<string, string> },
    mode: () => told('mode').trim(),
    /** The file that held the body: it must be gone. */
    file: () => told('file'),
  }
}
