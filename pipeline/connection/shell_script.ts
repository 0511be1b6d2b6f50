import type { SourceDefinition } from '../../libs/connect/source.ts'
import { environmentName } from '../spec/connection_environment.ts'
import { connectionOptions, type DeclaredOption } from './connection_options.ts'
import { connectionBody } from './request_body.ts'

/**
 * A script that creates the connection with the Databricks CLI. It holds no value: each is taken from its environment
 * variable, and what is required and not set is asked for.
 * @param reader see `allowedOptions`
 */
export function connectionScript(source: SourceDefinition, name: string, reader?: readonly string[]): string {
  const { shared, signIn } = connectionOptions(source)
  const required = shared.filter(([, option]) => option.required)
  const optional = shared.filter(([, option]) => !option.required)
  const begin = JSON.stringify(connectionBody(source, name, {}, reader)).replace(/\}\}$/, '')
  return `#!/usr/bin/env bash
# Creates a connection of Unity Catalog for ${source.displayName}. Made by \`parley connection\`.
#
# Needs the Databricks CLI, signed in: \`databricks auth login\`. Options come from the environment variables below; what is
# required and not set is asked for. They reach the CLI by a file that only you can read and that is removed, never as
# an argument, which every user of this machine could see.
set -euo pipefail
umask 077

begin=${quoted(begin)}
options=''

# The value as a text of JSON.
json() {
  printf '%s' "$1" | tr -d '\\r' | sed -e 's/\\\\/\\\\\\\\/g' -e 's/"/\\\\"/g' -e "s/$(printf '\\t')/\\\\\\\\t/g" |
    awk 'NR > 1 { printf "\\\\n" } { printf "%s", $0 }'
}

# given OPTION VARIABLE: what the variable holds; fails if it is not set.
given() {
  [ -n "\${!2:-}" ] || return 1
  options="$options,\\"$1\\":\\"$(json "\${!2}")\\""
}

# asked OPTION VARIABLE [-s]: what the variable holds, or what is typed; with -s it is not shown.
asked() {
  given "$1" "$2" && return
  read -r \${3:+"$3"} -p "$1: " typed || true
  [ -z "\${3:-}" ] || echo >&2
  if ! given "$1" typed; then
    echo "$1 is missing. Set $2." >&2
    exit 1
  fi
}

${[...required.map((one) => asked(source, one)), ...signInLines(source, signIn)].join('\n')}

# Set those that you want to be other than they are.
${optional.map((one) => `given ${call(source, one)} || true`).join('\n')}

body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s%s}}\\n' "$begin" "$options" >"$body"
databricks connections create --json "@$body"
`
}

function asked(source: SourceDefinition, one: DeclaredOption): string {
  const [, { description, secret }] = one
  return `# ${description}\nasked ${call(source, one)}${secret ? ' -s' : ''}`
}

/** The first that is set, and if none is, what is typed. */
function signInLines(source: SourceDefinition, signIn: readonly DeclaredOption[]): string[] {
  const [first] = signIn
  if (first === undefined) return []
  const tries = [...signIn.map((one) => `given ${call(source, one)}`), `asked ${call(source, first)} -s`]
  return [...signIn.map(([, { description }]) => `# ${description}`), tries.join(' ||\n  ')]
}

function call(source: SourceDefinition, [option]: DeclaredOption): string {
  return `${option} ${environmentName(source.name, option)}`
}

/** Inside single quotes nothing means anything to a shell but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
