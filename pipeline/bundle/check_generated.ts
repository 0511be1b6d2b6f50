import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'

const MAX_BYTES = 1_000_000
/** What a Spark environment has; nothing else may be imported where the file is loaded. */
const ALLOWED = new Set(
  `__future__ base64 collections contextlib dataclasses datetime hashlib json logging os pathlib re shutil stat subprocess sys
  tempfile threading time types typing uuid zlib pyarrow pyspark`.split(/\s+/),
)

/** @throws Error if the file is too large, imports something else, or does not carry the program that it names */
export function checkGenerated(source: string, text: string): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_BYTES) throw new Error(`The generated file of ${source} has ${bytes} bytes, of ${MAX_BYTES}.`)
  for (const [, name] of text.matchAll(/^(?:import|from) (\w+)/gm)) {
    if (!ALLOWED.has(name!)) throw new Error(`The generated file of ${source} imports ${name}.`)
  }
  const digest = /^_DIGEST = "(\w+)"$/m.exec(text)?.[1]
  const packed = /^_PACKED = """\n([\s\S]*?)\n"""$/m.exec(text)?.[1] ?? ''
  const code = inflateSync(Buffer.from(packed, 'base64'))
  if (createHash('sha256').update(code).digest('hex') !== digest)
    throw new Error(`The generated file of ${source} does not carry the program that it names.`)
}
