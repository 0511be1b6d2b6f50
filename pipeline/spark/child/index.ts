import { once } from 'node:events'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import { serve } from './serve.ts'

/** Exit code of a child whose Python process has gone. */
const ABANDONED = 3

/** The main of a bundle: answers the one request on stdin. */
export async function main<C extends Closable>(source: SourceDefinition<C>): Promise<void> {
  const { stdin, stdout, stderr } = process
  // The reader may stop early, as Spark does for `limit 10`: nobody is left to complain to.
  stdout.on('error', () => process.exit(ABANDONED))
  const code = await serve(source, { stdin, stdout, stderr, abandon: () => process.exit(ABANDONED) })
  // No process.exit here: it would cut off what stdout has not yet taken.
  process.exitCode = code
  if (stdout.writableLength > 0) await once(stdout, 'drain')
}
