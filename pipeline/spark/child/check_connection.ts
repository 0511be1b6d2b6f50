import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import type { Observer } from '../../../libs/observe/events.ts'
import { openConnection } from './open_connection.ts'
import type { ChildRequest } from './request.ts'

/** What `parley check` asks: a few small requests. A wrong secret throws; a permission that is missing is an answer. */
export async function checkConnection<C extends Closable>(
  source: SourceDefinition<C>,
  request: ChildRequest,
  { signal, observer }: { signal: AbortSignal; observer: Observer },
): Promise<JsonObject> {
  const { connection, options } = openConnection(source, request, observer)
  try {
    const permissions = await source.check(connection, options, signal)
    return { permissions: permissions.map((one) => ({ ...one })) }
  } finally {
    await connection.close()
  }
}
