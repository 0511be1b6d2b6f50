import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { isSnowflake } from '../snowflake.ts'
import { botToken } from './token.ts'

/** The bot that a token is for: its first part is the bot's id in base64, and stays when the token is renewed. */
export function accountOf({ bot_token }: ResolvedOptions): string {
  const [first = ''] = botToken(bot_token).split('.')
  const id = Buffer.from(first, 'base64url').toString('latin1')
  return isSnowflake(id) ? id : 'bot'
}
