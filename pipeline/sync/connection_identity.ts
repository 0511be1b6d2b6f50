import { anonymizerOf } from '../../libs/anonymize/options.ts'
import type { ConnectionIdentity } from '../destinations/destination.ts'
import type { SyncPlan } from './types.ts'

/** Whose data a plan brings, and how its persons are stored. */
export function identityOf({
  source,
  connectionName,
  connectionOptions,
}: Pick<SyncPlan, 'source' | 'connectionName' | 'connectionOptions'>): Required<ConnectionIdentity> {
  return {
    name: connectionName,
    source: source.name,
    account: source.account(connectionOptions),
    anonymization: anonymizerOf(connectionOptions)?.fingerprint() ?? null,
  }
}
