import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as library from '../sources/index.ts'
import { sources } from '../sources/registry.ts'
import { type Report, runAsScript } from './check_report.ts'

/** Every source's bundle is the same, byte for byte, when it is built again by another process in another folder. */
export async function checkBundle(root: string): Promise<Report> {
  const problems: string[] = []
  const hashes: string[] = []
  for (const [name, load] of Object.entries(sources)) {
    const { source } = await load()
    const exported = Object.entries(library).find(([, value]) => value === source)?.[0]
    if (exported === undefined) {
      problems.push(`sources/index.ts: does not export ${name}`)
      continue
    }
    const [first, second] = [build(root, name, exported), build(root, name, exported)]
    if (first !== second) problems.push(`${name}: two builds differ (${first}, ${second})`)
    hashes.push(`${name} ${first.slice(0, 12)}`)
  }
  return { summary: `${hashes.join(', ')}.`, problems }
}

function build(root: string, name: string, exported: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bundle-'))
  try {
    const out = join(folder, 'bundle.mjs')
    const script = join(root, 'pipeline/bundle/bundle_file.ts')
    execFileSync(process.execPath, [script, `sources/${name}/index.ts`, exported, out], {
      cwd: folder,
      stdio: 'inherit',
    })
    return createHash('sha256').update(readFileSync(out)).digest('hex')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await runAsScript(import.meta.url, 'bundle', checkBundle)
