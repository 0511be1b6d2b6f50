import { describe, expect, it } from 'vitest'
import { findMessage } from '../../../sources/discord/simulator/message_list.ts'
import {
  ALL_PERMISSIONS,
  BIT,
  basePermissions,
  channelPermissions,
  type Overwrite,
} from '../../../sources/discord/simulator/permissions.ts'
import { renderChannel } from '../../../sources/discord/simulator/render/render_channel.ts'
import {
  compareIds,
  DISCORD_EPOCH,
  idFloor,
  Snowflakes,
  timeOfId,
} from '../../../sources/discord/simulator/snowflake.ts'
import { startThread } from '../../../sources/discord/simulator/thread_making.ts'
import { formatMicros, parseMicros } from '../../../sources/discord/simulator/timestamps.ts'
import { World } from '../../../sources/discord/simulator/world.ts'

const VIEW = BIT.VIEW_CHANNEL
const HISTORY = BIT.READ_MESSAGE_HISTORY

describe('permissions', () => {
  const guild = '1'
  const roles = [
    { id: guild, permissions: VIEW },
    { id: '2', permissions: HISTORY },
    { id: '3', permissions: BIT.ADMINISTRATOR },
  ]
  const asker = { userId: '9', isOwner: false, roleIds: ['2'], timedOut: false }
  const role = (id: string, allow: bigint, deny: bigint): Overwrite => ({ id, type: 0, allow, deny })
  const member = (allow: bigint, deny: bigint): Overwrite => ({ id: '9', type: 1, allow, deny })

  it('of roles are OR-ed; owner and administrator have all', () => {
    expect(basePermissions(guild, roles, { ...asker, roleIds: [] })).toBe(VIEW)
    expect(basePermissions(guild, roles, asker)).toBe(VIEW | HISTORY)
    expect(basePermissions(guild, roles, { ...asker, roleIds: ['3'] })).toBe(ALL_PERMISSIONS)
    expect(basePermissions(guild, roles, { ...asker, isOwner: true })).toBe(ALL_PERMISSIONS)
  })

  it.each<[string, Overwrite[], bigint]>([
    ['@everyone denied', [role('1', 0n, HISTORY)], VIEW],
    ['@everyone denied, a role allowed', [role('1', 0n, HISTORY), role('2', HISTORY, 0n)], VIEW | HISTORY],
    ['one role denies what another allows', [role('2', 0n, HISTORY), role('4', HISTORY, 0n)], VIEW],
    ['a role denied, the member allowed', [role('2', 0n, HISTORY), member(HISTORY, 0n)], VIEW | HISTORY],
    ['the member denied', [role('2', HISTORY, 0n), member(0n, HISTORY)], VIEW],
    ['without VIEW_CHANNEL nothing is left', [role('1', 0n, VIEW)], 0n],
    ['the order of overwrites is nothing', [member(HISTORY, 0n), role('1', 0n, HISTORY)], VIEW | HISTORY],
  ])('%s', (_, overwrites, expected) => {
    expect(channelPermissions(VIEW | HISTORY, guild, overwrites, asker)).toBe(expected)
  })

  it('overwrites do not bind who has all, and a time-out leaves reading', () => {
    expect(channelPermissions(ALL_PERMISSIONS, guild, [role('1', 0n, VIEW)], asker)).toBe(ALL_PERMISSIONS)
    const base = VIEW | HISTORY | BIT.CONNECT | BIT.MANAGE_THREADS
    expect(channelPermissions(base, guild, [], { ...asker, timedOut: true })).toBe(VIEW | HISTORY)
  })
})

describe('snowflakes', () => {
  it('are what 64-bit arithmetic makes of the time', () => {
    const ids = new Snowflakes()
    for (const at of [
      DISCORD_EPOCH + 2_700_000_001,
      Date.UTC(2026, 0, 15, 8, 0, 0, 123),
      Date.UTC(2061, 5, 1, 1, 1, 1, 9),
    ]) {
      const first = BigInt(ids.next(at))
      expect(Number(first >> 22n) + DISCORD_EPOCH).toBe(at)
      expect(BigInt(ids.next(at))).toBe(first + 1n)
      expect(timeOfId(first.toString())).toBe(at)
    }
  })

  it('of a full second begin exactly at its floor', () => {
    const at = Date.UTC(2026, 0, 15, 8)
    expect(new Snowflakes().next(at)).toBe(idFloor(at))
  })

  it('of one millisecond go on in the next when it is full', () => {
    const ids = new Snowflakes()
    const at = Date.UTC(2026, 0, 15, 8, 0, 0, 1)
    let last = '0'
    for (let index = 0; index < 4100; index++) {
      const id = ids.next(at)
      expect(compareIds(id, last)).toBeGreaterThan(0)
      last = id
    }
    expect(timeOfId(last)).toBe(at + 1)
  })

  it('compare as numbers', () => {
    expect(['99999999999999999', '1000000000000000000', '9', '100000000000000000'].toSorted(compareIds)).toEqual([
      '9',
      '99999999999999999',
      '100000000000000000',
      '1000000000000000000',
    ])
  })
})

describe('times', () => {
  it.each([
    [Date.UTC(2026, 0, 15, 8) * 1000, '2026-01-15T08:00:00+00:00'],
    [Date.UTC(2026, 0, 15, 8, 0, 0, 7) * 1000, '2026-01-15T08:00:00.007000+00:00'],
    [Date.UTC(2015, 11, 31, 23, 59, 59) * 1000 + 999_999, '2015-12-31T23:59:59.999999+00:00'],
  ])('%i is %s and back', (micros, text) => {
    expect(formatMicros(micros)).toBe(text)
    expect(parseMicros(text)).toBe(micros)
  })

  it('come in other forms too', () => {
    const micros = Date.UTC(2026, 0, 15, 8) * 1000
    for (const text of [
      '2026-01-15T08:00:00Z',
      '2026-01-15T09:00:00.000+01:00',
      '2026-01-15T08:00:00',
      '2026-01-15 08:00',
    ])
      expect(parseMicros(text)).toBe(micros)
    for (const text of ['yesterday', '2026-13-01T00:00:00Z', '1234567890123456789'])
      expect(parseMicros(text)).toBeUndefined()
  })
})

describe('counts of threads', () => {
  it.each([
    ['before July 2022 end at fifty', Date.UTC(2022, 5, 1), 50, 50],
    ['since then go on', Date.UTC(2022, 7, 1), 60, 50],
  ])('%s', (_, at, messages, members) => {
    const world = new World(1)
    const owner = world.user('Owner')
    const guild = world.addGuild('Guild', at, owner)
    const parent = world.addChannel(guild, { type: 0, name: 'text', at })
    const thread = startThread(world, parent, { name: 'long', owner, at })
    for (let index = 0; index < 60; index++) {
      const author = world.user(`User ${index}`)
      thread.thread.members.set(author.id, at * 1000)
      world.addMessage(thread, { at: at + index, author, content: String(index) })
    }
    expect(renderChannel(thread)).toMatchObject({
      message_count: messages,
      total_message_sent: messages,
      member_count: members,
    })
    const last = thread.messages.at(-1)!
    expect(findMessage(thread.messages, last.id)).toBe(last)
    world.removeMessage(last)
    expect(findMessage(thread.messages, last.id)).toBeUndefined()
    expect(thread.thread).toMatchObject({ messageCount: 59, totalMessageSent: 60 })
  })
})
