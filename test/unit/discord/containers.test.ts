import { describe, expect, it } from 'vitest'
import type { Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { DiscordClient } from '../../../sources/discord/client.ts'
import { DiscordNotFoundError } from '../../../sources/discord/errors/not_found_error.ts'
import { coversContainer, guildLine } from '../../../sources/discord/feeds/container.ts'
import { discoverContainers } from '../../../sources/discord/feeds/containers.ts'

/** Categories 10 and 20, channel 11 in the first, 21 in the second, and thread 111 below 11. */
const CHANNELS = [
  { id: '10', type: 4 },
  { id: '20', type: 4 },
  { id: '11', type: 0, parent_id: '10' },
  { id: '21', type: 0, parent_id: '20' },
].map((row) => ({ ...row, guild_id: '1' }))
const THREADS = [{ id: '111', type: 11, parent_id: '11', guild_id: '1' }]

function answer([kind, id, what, ...rest]: readonly string[]): unknown {
  if (kind === 'users') return { id: '5' }
  if (kind === 'guilds' && what === 'channels') return CHANNELS
  if (kind === 'guilds' && what === 'threads') return { threads: THREADS }
  if (kind === 'guilds') return what === 'members' ? { roles: [] } : { id, owner_id: '5', roles: [] }
  if (rest.includes('archived') || what !== undefined) return { threads: [], has_more: false }
  const found = [...CHANNELS, ...THREADS].find((row) => row.id === id)
  if (found !== undefined) return found
  const init = { status: 404, discordCode: 10_003, discordMessage: '', request: 'GET' }
  throw new DiscordNotFoundError(init)
}

const discover = (options: object, told = answer) =>
  discoverContainers({
    connection: { get: async (path: readonly string[]) => ({ body: told(path), date: 0 }) },
    session: new Session(),
    signal: new AbortController().signal,
    options,
  } as unknown as ReadArgs<DiscordClient>)

const known = (id: string, more: object = {}): Partition => ({ id, guild_id: '1', channel_id: id, ...more })

describe('what a list of channels stands for', () => {
  it.each<[string, object, Partition, boolean]>([
    ['a channel of a guild that was asked for', { guild_id: ['1'] }, known('99'), true],
    ['a channel of another guild', { guild_id: ['1'] }, { ...known('99'), guild_id: '2' }, false],
    ['a channel that was asked for and does not exist', { channel_id: ['99'] }, known('99'), true],
    ['a thread below it', { channel_id: ['99'] }, known('991', { below: '99' }), true],
    ['a thread below another', { channel_id: ['99'] }, known('881', { below: '88' }), false],
    ['a thread below a channel that was asked for', { channel_id: ['11'] }, known('119', { below: '11' }), true],
    ['another channel of its guild', { channel_id: ['11'] }, known('99'), false],
    ['a channel that was in a category', { channel_id: ['10'] }, known('99', { category: '10' }), true],
    ['a thread of one', { channel_id: ['10'] }, known('991', { below: '99', category: '10' }), true],
    ['a channel that was moved out of it', { channel_id: ['10'] }, known('21', { category: '10' }), false],
    ['a thread of one', { channel_id: ['10'] }, known('219', { below: '21', category: '10' }), false],
    ['the archive of a channel', { channel_id: ['11'] }, { id: '11/archived', guild_id: '1', archive_of: '11' }, true],
    ['another archive', { channel_id: ['11'] }, { id: '21/archived', guild_id: '1', archive_of: '21' }, false],
  ])('%s, where %o is set: %o', async (_, options, partition, expected) => {
    const { complete, standsFor } = await discover(options)
    expect([complete, standsFor?.(partition)]).toEqual([false, expected])
  })

  it('partitions tell the category that they are in', async () => {
    const { partitions } = await discover({ guild_id: ['1'] })
    const categories = partitions.map(({ id, category }) => [id, category])
    expect(categories).toEqual([
      ['11', '10'],
      ['21', '20'],
      ['111', '10'],
    ])
  })
})

describe('rows without an id', () => {
  const nameless = (list: string, row: object) => (path: readonly string[]) => {
    const body = answer(path)
    if (path[0] !== 'guilds' || path[2] !== list) return body
    return Array.isArray(body) ? [...body, row] : { threads: [...THREADS, row, row] }
  }

  it.each([
    ['channel', nameless('channels', { type: 0, name: 'no id' })],
    ['channel', nameless('channels', { id: 'undefined', type: 0 })],
    ['thread', nameless('threads', { type: 11, parent_id: '11' })],
  ])('a %s is told of, and the others are read', async (what, told) => {
    const { partitions, refused } = await discover({ guild_id: ['1'] }, told)
    expect(partitions.map(({ id }) => id)).toEqual(['11', '21', '111'])
    const message = `The list of ${what}s has one ${what} without an id, which cannot be read.`
    expect(refused).toEqual([
      {
        partition: { id: '1/guild', guild_id: '1' },
        refusal: expect.objectContaining({ code: 'PARLEY_LIST_INCOMPLETE', message }),
        failed: true,
        partly: true,
      },
    ])
  })
})

describe('a channel that was read', () => {
  const archive = (id: string): Partition => ({ id: `${id}/archived`, guild_id: '1', archive_of: id })
  const guild = guildLine({ id: '1', guild_id: '1' })

  it('ends the lines of its guild and of every archive, where all was listed', () => {
    for (const line of [archive('11'), archive('21'), guild]) expect(coversContainer(known('21'), line)).toBe(true)
    expect(coversContainer(known('21'), { ...guild, guild_id: '2' })).toBe(false)
    expect(coversContainer(known('21'), known('11'))).toBe(false)
  })

  it('ends those of its own archive alone, where an option named it', async () => {
    const { partitions } = await discover({ channel_id: ['21'] })
    const [read] = partitions
    expect([archive('21'), archive('11'), guild].map((line) => coversContainer(read!, line))).toEqual([
      true,
      false,
      true,
    ])
    expect(coversContainer({ ...known('111', { below: '11' }), _part: true }, archive('11'))).toBe(true)
  })

  it('is not taken for its guild, though it has its id', () => {
    expect(guild.id).not.toBe('1')
    expect(coversContainer(guild, known('1'))).toBe(true)
  })
})
