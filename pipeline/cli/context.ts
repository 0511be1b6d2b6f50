import type { Io } from './io.ts'
import type { Signals } from './signals.ts'

/** What `main` hands to every command. */
export interface Context {
  io: Io
  signals: Signals
  /** Values that must never reach an output; a command adds those of its connection. */
  secrets: string[]
  /** Set by a command that ends without an error. */
  exitCode: number
}
