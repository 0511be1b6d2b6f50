import type { ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { NoServerDateError } from '../../../libs/http/no_server_date_error.ts'
import type { DiscordClient } from '../client.ts'
import { textOf } from './json_rows.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'session' | 'signal'>

/** The bot itself, asked for once a session. */
export interface Bot {
  id: string
  /** Discord's clock then, in ms. */
  date: Instant
}

/** @throws DiscordTokenInvalidError, NoServerDateError */
export function theBot({ connection, session, signal }: Args): Promise<Bot> {
  return session.once('bot', async () => {
    const { body, date } = await connection.get(['users', '@me'], {}, { signal, expect: 'object' })
    if (date === undefined) throw new NoServerDateError('Discord')
    return { id: textOf(body, 'id') ?? '', date }
  })
}

/** Discord's clock at the first answer of the session, in ms: whole seconds, as the header `Date` has them. */
export async function serverTime(args: Args): Promise<Instant> {
  return (await theBot(args)).date
}
