import { OptionInvalidError } from '../../../libs/connect/option_invalid_error.ts'

/**
 * The token without `Bot ` and the blanks that copying brings. @throws OptionInvalidError for what cannot stand in a
 * header: a line break inside would end it.
 */
export function botToken(value: unknown): string {
  const token = String(value ?? '')
    .trim()
    .replace(/^Bot(\s+|$)/i, '')
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new OptionInvalidError('bot_token', String(value ?? ''), 'a token of one word, without blanks', 'connection')
}
