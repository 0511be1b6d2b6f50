import type { Partition, ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import { Fresh } from '../../../libs/connect/fresh.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { Session } from '../../../libs/connect/session.ts'
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

/** Why nobody tells what is in a guild, asked once a session; null: its channels are listed. @throws an error that is no refusal */
export function refusalOfGuild(guildId: string, args: Args): Promise<Refusal | null> {
  return args.session.once(`refusal of guild ${guildId}`, async () => {
    try {
      await channelsOf(guildId, args)
      return null
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal === null) throw error
      return refusal.status === 403 ? removedFrom(guildId, refusal) : refusal
    }
  })
}

/** A 403 about one thing in a guild, told as what it says about all of it. */
export function removedFrom(guildId: string, refusal: Refusal): Refusal {
  const message = `The bot may not see server ${guildId} any more: it was removed from it.`
  return { ...refusal, message, remedy: 'Add the bot to the server again, if it is to be read.' }
}

/** The same of a refusal that is about the guild itself, if it says so. */
export function ofServer(refusal: Refusal, { guild_id }: Partition): Refusal {
  return refusal.status === 403 ? removedFrom(String(guild_id), refusal) : refusal
}

/** A guild with its settings and roles. @throws DiscordError */
export function guildRow(guildId: string, { connection, session, signal }: Args): Promise<unknown> {
  return session.once(`guild ${guildId}`, async () => {
    return (await connection.get(['guilds', guildId], {}, { signal, expect: 'object' })).body
  })
}

/** What the bot may do in a guild, asked for once a session. Null where Discord does not tell. */
export function standingIn(guildId: string, args: Args): Promise<Standing | null> {
  return args.session.once(`standing ${guildId}`, () =>
    unlessRefused(standingOf(guildId, guildRow(guildId, args), args)),
  )
}

/** The same as it is at this moment: rights can be withdrawn while a run goes on. Those of many channels are asked for together. */
export async function standingNow(guildId: string, args: Args): Promise<Standing | null> {
  const find = () => unlessRefused(standingOf(guildId, guildRow(guildId, { ...args, session: new Session() }), args))
  return (await args.session.once(`standing of ${guildId} now`, async () => new Fresh(find))).get()
}

/** Without an answer it is what is read that has to show it. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (asRefusal(error) === null) throw error
    return null
  }
}

async function standingOf(guildId: string, guild: Promise<unknown>, args: Args): Promise<Standing> {
  const { connection, signal } = args
  const { id: botId } = await theBot(args)
  const asked = connection.get(['guilds', guildId, 'members', botId], {}, { signal, expect: 'object' })
  const [row, member] = await Promise.all([guild, asked])
  const ownRoles = isRow(member.body) ? rowsOf(member.body.roles) : []
  return {
    botId,
    guildId,
    ownerId: textOf(row, 'owner_id'),
    roles: isRow(row) ? rowsOf(row.roles) : [],
    ownRoles: ownRoles.filter((id) => typeof id === 'string'),
    timedOut: isAfter(textOf(member.body, 'communication_disabled_until'), connection.lastDate),
  }
}

/** The end of a time-out stays on the member after it has passed (reference §10). */
function isAfter(time: string | undefined, now: Instant | undefined): boolean {
  return time !== undefined && Date.parse(time) > (now ?? 0)
}
