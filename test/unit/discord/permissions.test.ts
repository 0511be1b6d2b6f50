import { describe, expect, it } from 'vitest'
import { PERMISSIONS, permissionsIn, type Standing } from '../../../sources/discord/feeds/permissions.ts'
import { refusalIn } from '../../../sources/discord/feeds/rights.ts'

const { viewChannel, readHistory, connect, administrator, manageThreads } = PERMISSIONS
const [GUILD, ROLE, OTHER, BOT] = ['1', '2', '3', '9']
const bits = (...some: bigint[]) => String(some.reduce((all, one) => all | one, 0n))

function standing(everyone: string, own: string, more: Partial<Standing> = {}): Standing {
  const roles = [
    { id: GUILD, permissions: everyone },
    { id: ROLE, permissions: own },
    { id: OTHER, permissions: bits(administrator) },
  ]
  return { botId: BOT, guildId: GUILD, ownerId: '7', roles, ownRoles: [ROLE], timedOut: false, ...more }
}
const allow = (id: string, ...some: bigint[]) => ({ id, allow: bits(...some), deny: '0' })
const deny = (id: string, ...some: bigint[]) => ({ id, allow: '0', deny: bits(...some) })
const readable = (who: Standing, overwrites: object[] = [], type = 0) =>
  refusalIn(who, { id: '5', name: 'general', type, permission_overwrites: overwrites }) === null

describe('what a bot may do in a channel', () => {
  const both = standing(bits(viewChannel), bits(readHistory))

  it.each([
    ['by its roles together', [], true],
    ['not where @everyone is denied it', [deny(GUILD, viewChannel)], false],
    ['where its role is allowed what @everyone is denied', [deny(GUILD, viewChannel), allow(ROLE, viewChannel)], true],
    ['not where its role is denied it', [deny(ROLE, readHistory)], false],
    ['where it is allowed itself what its role is denied', [deny(ROLE, readHistory), allow(BOT, readHistory)], true],
    [
      'not where it is denied itself what its role is allowed',
      [allow(ROLE, readHistory), deny(BOT, readHistory)],
      false,
    ],
    ['whatever a role that it has not is denied', [deny(OTHER, viewChannel, readHistory)], true],
    ['whatever the order of the overwrites', [allow(BOT, readHistory), deny(ROLE, readHistory)], true],
    ['with odd overwrites', [{ id: ROLE }, { id: GUILD, allow: 'all', deny: 12 }, null as unknown as object], true],
  ])('is reading %s', (_, overwrites, expected) => {
    expect(readable(both, overwrites)).toBe(expected)
  })

  it('is everything for the owner and for administrators, whatever is denied', () => {
    const denied = [deny(GUILD, viewChannel), deny(BOT, viewChannel, readHistory)]
    expect(readable(standing('0', '0', { ownerId: BOT }), denied)).toBe(true)
    expect(readable(standing('0', bits(administrator)), denied)).toBe(true)
  })

  it('is nothing without the sight of it', () => {
    expect(permissionsIn(standing(bits(manageThreads, readHistory), '0'), [])).toBe(0n)
  })

  it('takes the right to join for voice and stage', () => {
    expect([2, 13].map((type) => readable(both, [], type))).toEqual([false, false])
    const joins = standing(bits(viewChannel, readHistory, connect), '0')
    expect([0, 2, 13].map((type) => readable(joins, [], type))).toEqual([true, true, true])
  })

  it('is reading only in a time-out', () => {
    const timedOut = standing(bits(viewChannel, readHistory, connect, manageThreads), '0', { timedOut: true })
    expect(permissionsIn(timedOut, [])).toBe(viewChannel | readHistory)
    expect(readable(timedOut)).toBe(true)
    const refusal = refusalIn(timedOut, { id: '5', name: 'stage', type: 13 })
    expect(refusal?.message).toBe('The bot is in a time-out, and lacks Connect in channel stage.')
    expect(refusal?.remedy).toContain('Lift the time-out')
  })

  it('names what is missing', () => {
    const refusal = refusalIn(standing(bits(viewChannel), '0'), { id: '5', name: 'stage', type: 13 })
    expect(refusal).toMatchObject({ code: 'PARLEY_DISCORD_PERMISSION_MISSING', status: 403 })
    expect(refusal!.message).toBe('The bot lacks Read Message History and Connect in channel stage.')
  })
})
