import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkCommands } from './check_commands.ts'
import { listFiles } from './check_files.ts'
import { checkLinks } from './check_links.ts'
import { type Report, runAsScript } from './check_report.ts'
import { type GeneratedFile, generateDocs } from './docs.ts'

const PAGES = /\.md$/
/** Everything that a person reads or runs; lock files and data sets hold addresses of their own. */
const TEXTS = /(\.(ts|js|json|ya?ml|md|py|toml|txt|sh|cfg)|\/run)$/
const LOCKED = /(^|\/)(package-lock\.json|[\w-]*requirements[\w-]*\.txt)$/
/** Registries and mirrors: what is installed from where is the machine's setting, not the project's. */
const REGISTRY_HOST =
  /\b(?:registry\.(?:npmjs|yarnpkg)|(?:test\.)?pypi|files\.pythonhosted|repo1?\.maven(?:\.apache)?|static\.crates|proxy\.golang)\.(?:org|com|io)\b/i

/** What follows from the code is in sync, links lead somewhere, commands exist, no registry is named. */
export async function checkDocs(root: string): Promise<Report> {
  return reportOn(root, await generated(root))
}

/** The check without the generated parts, which need the project's own sources. */
export function reportOn(root: string, stale: readonly string[] = []): Report {
  const pages = listFiles(root, PAGES)
  return {
    summary: `${pages.length} pages.`,
    problems: [...stale, ...checkLinks(root, pages), ...checkCommands(root, pages), ...registryHosts(root)],
  }
}

async function generated(root: string): Promise<string[]> {
  try {
    return (await generateDocs(root)).flatMap((file) => staleFile(root, file))
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function staleFile(root: string, { path, content }: GeneratedFile): string[] {
  const file = join(root, path)
  const inSync = existsSync(file) && readFileSync(file, 'utf8') === content
  return inSync ? [] : [`${path}: differs from the declarations; run npm run docs`]
}

function registryHosts(root: string): string[] {
  return listFiles(root, TEXTS)
    .filter(({ path }) => !LOCKED.test(path))
    .flatMap(({ path, read }) =>
      read()
        .split('\n')
        .flatMap((line, index) => (REGISTRY_HOST.test(line) ? [`${path}:${index + 1}: names a package registry`] : [])),
    )
}

await runAsScript(import.meta.url, 'docs', checkDocs)
