import { ParleyError } from '../../../libs/connect/error.ts'
import { formatInstant, type Instant } from '../../../libs/connect/instant.ts'

/** A window changed during each of several walks and cannot be cut smaller: it stays open and is read again in the next run. */
export class WindowUnstableError extends ParleyError {
  readonly code = 'PARLEY_WINDOW_UNSTABLE'
  readonly kind = 'partial'

  constructor(a: Instant, b: Instant, walks: number) {
    super(
      `Messages from ${formatInstant(a)} to ${formatInstant(b)} changed during each of ${walks} reads, so none of them can be proven whole.`,
      {
        remedy: 'Run the sync again at a quieter time; nothing is lost, this window is read again from its start.',
        details: { from: formatInstant(a), to: formatInstant(b), walks },
      },
    )
  }
}
