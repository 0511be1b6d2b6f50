import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

export interface TextLine {
  text: string
  /** From 1, empty lines counted. */
  number: number
}

/** Lines of a text file, empty ones left out; `.gz` is unpacked on the way. Rejects with the file system's error. */
export async function* readLines(path: string): AsyncGenerator<TextLine> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // pipe() does not carry errors over: a missing file would never end the loop.
  const failed = new Promise<never>((_, reject) => {
    file.on('error', reject)
    input.on('error', reject)
  })
  failed.catch(() => {})
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  try {
    for (let number = 1; ; number++) {
      const line = await Promise.race([lines.next(), failed])
      if (line.done) return
      if (line.value.trim() !== '') yield { text: line.value, number }
    }
  } finally {
    file.destroy()
  }
}
