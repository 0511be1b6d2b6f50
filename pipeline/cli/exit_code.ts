import { type ErrorKind, isParleyError } from '../../libs/connect/error.ts'
import type { RunResult } from '../sync/types.ts'

/** The signals that end a command gracefully. */
export type EndSignal = 'SIGINT' | 'SIGTERM'

const BY_KIND: Readonly<Record<ErrorKind, number>> = {
  bug: 1,
  usage: 2,
  configuration: 3,
  partial: 4,
  source: 5,
  locked: 6,
}

/** 128 + the signal's number, as shells do it. */
export function exitCodeOfSignal(signal: EndSignal): number {
  return signal === 'SIGINT' ? 130 : 143
}

/** By the error's kind. Whatever has no code is a bug of Parley. */
export function exitCodeOfError(error: unknown): number {
  return isParleyError(error) ? BY_KIND[error.kind] : BY_KIND.bug
}

/** By the run's status; a failed run says the kind itself. */
export function exitCodeOfResult(
  { status, exit_kind }: Pick<RunResult, 'status' | 'exit_kind'>,
  signal: EndSignal | null,
): number {
  switch (status) {
    case 'ok':
      return 0
    case 'partial':
      return BY_KIND.partial
    case 'failed':
      return BY_KIND[exit_kind ?? 'source']
    case 'interrupted':
      return exitCodeOfSignal(signal ?? 'SIGINT')
  }
}
