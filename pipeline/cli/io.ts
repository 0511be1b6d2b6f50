import type { Environment } from '../spec/connection_environment.ts'

/** The process as a command sees it. */
export interface Io {
  env: Environment
  cwd: string
  /** Progress goes to a terminal as a bar. */
  terminal: { isTTY: boolean; columns(): number }
  /** True when the result is seen on a terminal, false when it goes to a file or a program. */
  resultIsSeen: boolean
  /** Result, to stdout; resolves when it may go on. False once the reader is gone (`parley read … | head`). */
  print(text: string | Uint8Array): Promise<boolean>
  /** Progress, notices, errors: to stderr. */
  log(text: string): void
  /** Asks a person on the terminal; null where there is none. @throws the signal's reason */
  ask(question: string, signal: AbortSignal): Promise<string | null>
}

/** The real process. */
export function processIo(): Io {
  let closed = false
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
      if (stream === process.stdout) closed = true
    })
  }
  return {
    env: process.env,
    cwd: process.cwd(),
    terminal: { isTTY: process.stderr.isTTY === true, columns: () => process.stderr.columns || 80 },
    resultIsSeen: process.stdout.isTTY === true,
    print: (text) =>
      new Promise((resolve) =>
        closed ? resolve(false) : process.stdout.write(text, (error) => resolve(!closed && !error)),
      ),
    log: (text) => void process.stderr.write(text),
    ask: askOnTerminal,
  }
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null
  const { createInterface } = await import('node:readline/promises')
  // `terminal: false`: the terminal keeps its own ways, so that Ctrl-C is a signal as everywhere.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return await Promise.race([lines.question(question, { signal }), ended])
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    lines.close()
  }
}
