import type { Anonymizer } from './anonymizer.ts'

const anonymizers = new WeakMap<object, Anonymizer>()

/** Notes what the options of a connection ask for. `defineSource` does it for every source, so that no client can forget. */
export function keepAnonymizer(connection: object, anonymizer: Anonymizer | null): void {
  if (anonymizer !== null) anonymizers.set(connection, anonymizer)
}

/** Null: the connection's rows are stored as they are. */
export function anonymizerOfConnection(connection: unknown): Anonymizer | null {
  return typeof connection === 'object' && connection !== null ? (anonymizers.get(connection) ?? null) : null
}
