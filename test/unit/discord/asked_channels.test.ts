import { expect, it } from 'vitest'
import type { ReadArgs } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { DiscordClient } from '../../../sources/discord/client.ts'
import { DiscordUnexpectedStatusError } from '../../../sources/discord/errors/unexpected_status_error.ts'
import { askedChannels } from '../../../sources/discord/feeds/asked_channels.ts'

type Get = (path: readonly string[]) => Promise<{ body: unknown }>

/** What is found of channels 1 and 2. */
const ask = (get: Get) =>
  askedChannels(['1', '2'], {
    connection: { get } as unknown as DiscordClient,
    session: new Session(),
    signal: new AbortController().signal,
    options: {},
  } as unknown as ReadArgs<DiscordClient>)

it('channels that are of no guild are refused, and the others found', async () => {
  const channels: Record<string, object> = {
    '1': { id: '1', type: 1, recipients: [] },
    '2': { id: '2', type: 0, guild_id: '9' },
  }
  const get = async ([, id]: readonly string[]) => ({ body: channels[id!] })
  const asked = await ask(get)
  expect(asked.guilds).toEqual(['9'])
  expect(asked.alone).toEqual([channels['2']])
  expect(asked.refused).toMatchObject([
    { partition: { id: '1', asked: true }, refusal: { code: 'PARLEY_DISCORD_NO_GUILD_CHANNEL' } },
  ])
})

it('one that does not answer at the moment is behind, and the others are found', async () => {
  const get = async ([, id]: readonly string[]) => {
    const init = { status: 502, request: 'GET', discordCode: undefined, discordMessage: '' }
    if (id === '1') throw new DiscordUnexpectedStatusError(init)
    return { body: { id, type: 0, guild_id: '9' } }
  }
  const asked = await ask(get)
  expect(asked.alone.map(({ id }) => id)).toEqual(['2'])
  expect(asked.refused).toMatchObject([{ partition: { id: '1' }, failed: true, refusal: { status: 0 } }])
})
