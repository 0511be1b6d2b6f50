import type { Context } from './context.ts'
import { UsageError } from './usage_error.ts'

/**
 * Says what is about to happen and asks for a yes.
 * @param what sentences, with a full stop
 * @returns false when the answer is anything but yes
 * @throws UsageError where nobody can be asked and `--yes` was not given
 */
export async function confirm({ io, signals }: Context, what: string, yes: boolean | undefined): Promise<boolean> {
  io.log(`${what}\n`)
  if (yes === true) return true
  const answer = await io.ask('Go on? [y/N] ', signals.signal)
  if (answer === null)
    throw new UsageError('There is no terminal to ask on, and --yes was not given. Nothing was done.', 'Add --yes.')
  if (/^y(es)?$/i.test(answer.trim())) return true
  io.log('Nothing was done.\n')
  return false
}
