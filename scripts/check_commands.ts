import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles, type ProjectFile } from './check_files.ts'

/** What a page may tell its reader to type. */
interface Known {
  npmScripts: ReadonlySet<string>
  /** Of `parley`. */
  commands: ReadonlySet<string>
  flags: ReadonlySet<string>
}

/** Every npm script, parley command, flag and script file that the pages name in code exists. */
export function checkCommands(root: string, pages: readonly ProjectFile[]): string[] {
  const known = readKnown(root)
  return pages.flatMap((page) =>
    codeOf(page.read())
      .flatMap((line) => wrongLine(root, line, known))
      .map((problem) => `${page.path}: ${problem}`),
  )
}

function readKnown(root: string): Known {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>
  }
  const code = listFiles(root, /^pipeline\/cli\/.*\.ts$/)
    .map((file) => file.read())
    .join('\n')
  const named = (pattern: RegExp): ReadonlySet<string> => new Set([...code.matchAll(pattern)].map(([, name]) => name!))
  return {
    npmScripts: new Set(Object.keys(scripts)),
    commands: new Set([...named(/new Command\('([\w-]+)'/g), ...named(/\.command\('([\w-]+)/g), 'help']),
    flags: new Set([...named(/'(?:-\w, )?(--[a-z][\w-]*)/g), '--help', '--version']),
  }
}

/** Lines of shell blocks, with their continuations joined, and code within sentences. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^(?:```|~~~)(?:sh|bash|console)\n([\s\S]*?)^(?:```|~~~)/gm)]
  const lines = blocks.flatMap(([, block]) => block!.replace(/\\\n\s*/g, ' ').split('\n'))
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  return [...lines, ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!)]
}

function wrongLine(root: string, line: string, known: Known): string[] {
  const problems: string[] = []
  for (const [, script] of line.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!known.npmScripts.has(script!)) problems.push(`npm has no script ${script}`)
  }
  for (const [, file] of line.matchAll(/(?:^|\s)((?:scripts|bin|\.ci)\/[\w./-]+)/g)) {
    if (!existsSync(join(root, file!))) problems.push(`there is no ${file}`)
  }
  for (const [, command, rest = ''] of line.matchAll(/(?:^|[\s/])parley(?:\.js)? ([a-z][\w-]*)([^|&;]*)/g)) {
    if (!known.commands.has(command!)) problems.push(`parley has no command ${command}`)
    for (const [flag] of rest.matchAll(/--[a-z][\w-]*/g)) {
      if (!known.flags.has(flag)) problems.push(`parley ${command} has no flag ${flag}`)
    }
  }
  return problems
}
