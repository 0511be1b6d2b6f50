import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bundleSource } from './bundle_source.ts'

/** `node pipeline/bundle/bundle_file.ts MODULE EXPORT OUT`: writes a source's bundle where tests look for it. */
const [module, name, out] = process.argv.slice(2)
if (module === undefined || name === undefined || out === undefined) {
  process.stderr.write('usage: bundle_file.ts MODULE EXPORT OUT\n')
  process.exitCode = 2
} else {
  await mkdir(dirname(out), { recursive: true })
  // Renamed into place: a child that starts meanwhile never sees half a file.
  const part = `${out}.${randomUUID()}`
  await writeFile(part, await bundleSource({ module, name }))
  await rename(part, out)
}
