import type { Environment } from '../spec/connection_environment.ts'
import type { SyncFlags } from './sync_flags.ts'
import { UsageError } from './usage_error.ts'

/** Bounds of `--workers`, and of the variables that set the same for every sync of a machine. */
export const MOST_WORKERS = 256

/**
 * Workers and the size of their batches: from the flag, else from the environment.
 * @throws UsageError for a variable that is no such number
 */
export function poolOf(
  { workers }: Pick<SyncFlags, 'workers'>,
  env: Environment,
): { workers?: number; batch?: number } {
  const count = workers ?? numberIn(env, 'SYNC_MAX_CHANNEL_WORKERS')
  const batch = numberIn(env, 'SYNC_CHANNEL_BATCH_SIZE')
  return { ...(count === undefined ? {} : { workers: count }), ...(batch === undefined ? {} : { batch }) }
}

function numberIn(env: Environment, name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= 1 && value <= MOST_WORKERS) return value
  throw new UsageError(`${name} is ${text}.`, `Set it to a whole number from 1 to ${MOST_WORKERS}, or leave it out.`)
}
