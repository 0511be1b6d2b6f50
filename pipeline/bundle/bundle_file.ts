import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleSource } from './bundle_source.ts'
import { generateFrom } from './generate.ts'

/**
 * `node pipeline/bundle/bundle_file.ts MODULE EXPORT OUT`: writes a source's program, or the generated Python file where
 * OUT ends with `.py`. For sources that are not in the registry, as tests have them.
 */
const [module, name, out] = process.argv.slice(2)
if (module === undefined || name === undefined || out === undefined) {
  process.stderr.write('usage: bundle_file.ts MODULE EXPORT OUT\n')
  process.exitCode = 2
} else {
  await mkdir(dirname(out), { recursive: true })
  const content = out.endsWith('.py') ? await generated(module, name) : (await bundleSource({ module, name })).code
  // Renamed into place: a child that starts meanwhile never sees half a file.
  const part = `${out}.${randomUUID()}`
  await writeFile(part, content)
  await rename(part, out)
}

async function generated(module: string, name: string): Promise<string> {
  const exported = await import(pathToFileURL(resolve(module)).href)
  return (await generateFrom(exported[name], { module, name })).file
}
