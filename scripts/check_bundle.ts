import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFolder } from '../pipeline/bundle/read_folder.ts'
import { sources } from '../sources/registry.ts'
import { type Report, runAsScript } from './check_report.ts'

/** Every file for Spark is the same, byte for byte, when it is made again by another process in another folder. */
export async function checkBundle(root: string): Promise<Report> {
  const [first, second] = [await build(root), await build(root)]
  const paths = [...new Set([...first.keys(), ...second.keys()])]
  const differing = paths.filter((path) => first.get(path) !== second.get(path))
  const hashes = Object.keys(sources).map((name) => `${name} ${hashOf(first, name)}`)
  return {
    summary: `${paths.length} files; ${hashes.join(', ')}.`,
    problems: differing.map((path) => `${path}: two builds differ`),
  }
}

/** All folders of `parley bundle all`, each text by source and path. */
async function build(root: string): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bundle-'))
  try {
    const command = [join(root, 'scripts/merge_source.ts'), 'all', '--out', join(folder, 'out')]
    execFileSync(process.execPath, command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    return await readFolder(join(folder, 'out'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Of everything that belongs to a source. */
function hashOf(files: ReadonlyMap<string, string>, source: string): string {
  const hash = createHash('sha256')
  for (const [path, text] of files) if (path.startsWith(`${source}/`)) hash.update(`${path}\0${text}\0`)
  return hash.digest('hex').slice(0, 12)
}

await runAsScript(import.meta.url, 'bundle', checkBundle)
