import type { OptionSet, ResolvedOptions } from '../connect/options.ts'
import { Anonymizer } from './anonymizer.ts'

/** Shorter keys can be tried out. */
const MIN_KEY_LENGTH = 16

/** Options that every source has. Sources spread them into their own declaration. */
export const anonymizeOptions = {
  anonymize: {
    type: 'boolean',
    scope: 'connection',
    default: false,
    needs: 'anonymize_key',
    description:
      'Replace the ids and names of persons by keyed hashes, in every table, before anything is stored. Cannot be changed once rows are there.',
  },
  anonymize_key: {
    type: 'text',
    scope: 'connection',
    secret: true,
    minLength: MIN_KEY_LENGTH,
    description:
      'What anonymize hashes with: at least 16 characters, such as `openssl rand -hex 32` prints. The same key gives the same hashes on every connection; it is not stored.',
  },
} as const satisfies OptionSet

/** What the checked options of a connection ask for; null: everything as it is. */
export function anonymizerOf({ anonymize, anonymize_key }: ResolvedOptions): Anonymizer | null {
  return anonymize === true ? new Anonymizer(String(anonymize_key)) : null
}
