import type { ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { DiscordClient } from '../client.ts'
import { type DiscordRow, isRow, rowsOf, textOf } from './json_rows.ts'
import type { Standing } from './permissions.ts'
import { asRefusal } from './refusal.ts'
import { theBot } from './server_time.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'session' | 'signal'>

/** A guild's channels, as its list shows them to the bot. @throws DiscordError */
export function channelsOf(guildId: string, { connection, session, signal }: Args): Promise<DiscordRow[]> {
  return session.once(`channels ${guildId}`, async () => {
    const { body } = await connection.get(['guilds', guildId, 'channels'], {}, { signal, expect: 'array' })
    return rowsOf(body).filter(isRow)
  })
}

/** What the bot may do in a guild, asked for once a session. */
export function standingIn(guildId: string, args: Args): Promise<Standing | null> {
  return args.session.once(`standing ${guildId}`, () => askForStanding(guildId, args))
}

/**
 * The same as it is at this moment: rights can be withdrawn while a run goes on. Null where Discord does not tell: what
 * is read then has to show it.
 */
export async function askForStanding(guildId: string, args: Args): Promise<Standing | null> {
  try {
    return await askAll(guildId, args)
  } catch (error) {
    if (asRefusal(error) === null) throw error
    return null
  }
}

async function askAll(guildId: string, args: Args): Promise<Standing> {
  const { connection, signal } = args
  const call = { signal, expect: 'object' } as const
  const { id: botId } = await theBot(args)
  const [guild, member] = await Promise.all([
    connection.get(['guilds', guildId], {}, call),
    connection.get(['guilds', guildId, 'members', botId], {}, call),
  ])
  const roles = isRow(member.body) ? rowsOf(member.body.roles) : []
  return {
    botId,
    guildId,
    ownerId: textOf(guild.body, 'owner_id'),
    roles: isRow(guild.body) ? rowsOf(guild.body.roles) : [],
    ownRoles: roles.filter((id) => typeof id === 'string'),
    timedOut: isAfter(textOf(member.body, 'communication_disabled_until'), connection.lastDate),
  }
}

/** The end of a time-out stays on the member after it has passed (reference §10). */
function isAfter(time: string | undefined, now: Instant | undefined): boolean {
  return time !== undefined && Date.parse(time) > (now ?? 0)
}
