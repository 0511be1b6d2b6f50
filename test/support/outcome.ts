import type { Event } from '../../libs/observe/events.ts'
import { exitCodeOfError, exitCodeOfResult } from '../../pipeline/cli/exit_code.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'

/** How a sync in this process ended. */
export interface Outcome {
  /** As the command would exit. */
  code: number
  /** Absent when the run threw. */
  result?: RunResult
  error?: unknown
  events: Event[]
}

/** Waits for a sync. @param events where its observer puts what happens */
export async function outcomeOf(sync: Promise<RunResult>, events: Event[]): Promise<Outcome> {
  try {
    const result = await sync
    return { code: exitCodeOfResult(result, null), result, events }
  } catch (error) {
    return { code: exitCodeOfError(error), error, events }
  }
}

/** What went wrong, for the message of an assertion. */
export function why({ result, error }: Outcome): string {
  return error === undefined ? JSON.stringify(result?.errors.slice(0, 3), null, 1) : String((error as Error).stack)
}
