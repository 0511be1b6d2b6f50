import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface TextLine {
  text: string
  /** From 1, empty lines counted. */
  number: number
}

/** Lines of a text file, empty ones left out; `.gz` is unpacked on the way. Rejects with the file system's error. */
export async function* readLines(path: string): AsyncGenerator<TextLine> {
  const file = createReadStream(path)
  // A pipeline carries errors over, which pipe() does not: a missing file would never end the loop.
  const input = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file
  const decoder = new TextDecoder()
  let number = 0
  let rest = ''
  try {
    for await (const chunk of input) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop()!
      for (const text of lines) {
        number++
        if (text.trim() !== '') yield { text, number }
      }
    }
    if (rest.trim() !== '') yield { text: rest, number: number + 1 }
  } finally {
    file.destroy()
  }
}
