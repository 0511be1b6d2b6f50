import { isParleyError } from '../../libs/connect/error.ts'
import { type ResolvedOptions, resolveOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { unknownOptionRemedy } from '../spec/check_options.ts'
import type { OnNotice } from '../spec/notice.ts'
import { withRemedy } from './with_remedy.ts'

/**
 * Checks what `--option` gave.
 * @throws OptionUnknownError with the option that was meant, OptionInvalidError
 */
export function resolveTableOptions(
  source: SourceDefinition,
  given: Readonly<Record<string, string>>,
  onNotice: OnNotice,
): ResolvedOptions {
  const onIgnored = (_: string, message: string): void =>
    onNotice({ code: 'PARLEY_OPTION_IGNORED', message, file: '', line: 0 })
  try {
    return resolveOptions(source.options, given, { scope: 'table', unknown: 'error', onIgnored })
  } catch (error) {
    if (!isParleyError(error) || error.code !== 'PARLEY_OPTION_UNKNOWN') throw error
    throw withRemedy(error, unknownOptionRemedy(String(error.details.option), source))
  }
}
