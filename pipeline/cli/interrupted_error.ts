import { ParleyError } from '../../libs/connect/error.ts'
import type { EndSignal } from './exit_code.ts'

/** A signal asked the command to end. The exit code follows from the signal, not from the kind. */
export class InterruptedError extends ParleyError {
  readonly code = 'PARLEY_INTERRUPTED'
  readonly kind = 'partial'
  readonly signal: EndSignal

  constructor(signal: EndSignal) {
    super(`Ended by ${signal}.`, {
      remedy: 'Run the same command again; `parley sync` goes on where it stopped.',
      details: { signal },
    })
    this.signal = signal
  }
}
