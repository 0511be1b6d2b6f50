import { type EndSignal, exitCodeOfSignal } from './exit_code.ts'
import { InterruptedError } from './interrupted_error.ts'

/**
 * Below the launcher a terminal's Ctrl-C arrives twice, once from the terminal and once passed on. Two within
 * this time are one.
 */
const ECHO_MS = 300

export interface Signals {
  /** Aborted with an InterruptedError by the first signal. */
  signal: AbortSignal
  received(): EndSignal | null
  release(): void
}

/** The first SIGINT or SIGTERM asks to stop; the second ends the process at once. */
export function catchSignals(rules: { launched: boolean }): Signals {
  const controller = new AbortController()
  let first: { signal: EndSignal; at: number } | null = null
  const handle = (signal: EndSignal): void => {
    if (first === null) {
      first = { signal, at: performance.now() }
      controller.abort(new InterruptedError(signal))
    } else if (!rules.launched || signal !== first.signal || performance.now() - first.at > ECHO_MS) {
      process.exit(exitCodeOfSignal(signal))
    }
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return {
    signal: controller.signal,
    received: () => first?.signal ?? null,
    release: () => {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
    },
  }
}
