import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithTruth, equal } from '../support/truth.ts'
import { comparable, folded, readPage } from './bad_day_page.ts'
import { World } from './bad_day_world.ts'

/** The page is the fixture: every command on it runs here, and shows what the page says. */
const page = readPage(readFileSync(new URL('../../docs/a_bad_day.md', import.meta.url), 'utf8'))

let world: World
beforeAll(async () => {
  world = await World.start(page.spec)
})
afterAll(() => world?.close())

/** What happens before a command. A function that it answers sees what the command shows, as it grows. */
type Happening = () => unknown
const nothing: Happening = () => {}
const mutate = () => world.tenant.simulator.mutate
const teams = () => [...world.tenant.simulator.truth.teams()].map(({ id }) => String(id))
/** The last, so that others are listed before it. */
const refused = () => teams().toSorted().at(-1)!
const others = () => teams().filter((id) => id !== refused())
const post = (team_id: string, text?: string) => mutate().newRoot({ team_id, ...(text === undefined ? {} : { text }) })
const later = () => world.tenant.later()

/** Long posts, which do not get smaller when they are packed. */
function longPosts(count: number): void {
  for (let n = 0; n < count; n++) {
    const text = createHash('shake256', { outputLength: 24_000 }).update(String(n)).digest('base64')
    post(others()[n % 2]!, text)
  }
}

/** What one happening leaves for a later one. */
let fresh = ''
let release = () => {}
let before = 0
let missing = 0
const stored = async (name: string) => compareWithTruth(world.copyOfDatabase(name), world.tenant.simulator)
/** What a message without an id looks like from here. */
const KEPT_ASIDE = 1

const day: Record<string, Happening[]> = {
  'An ordinary run': [nothing],
  'The secret was rotated': [
    () => {
      later()
      post(others()[0]!)
      later()
      fresh = mutate().rotateSecret()
    },
    () => {
      world.secret = fresh
    },
    nothing,
  ],
  'A team is refused': [
    () => {
      mutate().refuseTeam(refused())
      for (let n = 0; n < 12; n++) post(refused())
      post(others()[1]!)
      later()
    },
    nothing,
  ],
  'The disk is full': [
    async () => {
      before = (await stored('before')).rows
      longPosts(300)
      later()
      await world.disk.fill()
    },
    async () => {
      // Whole units are there, each message once; the rest is not.
      const kept = await stored('full')
      expect(kept, kept.examples.join('\n')).toMatchObject({ extra: 0, different: 0, doubled: 0 })
      expect(kept.rows).toBeGreaterThan(before)
      missing = kept.missing
      expect(missing).toBeGreaterThan(12)
      await world.disk.makeRoom()
    },
  ],
  'Another program holds the file': [
    async () => {
      // Only the refused team's posts are missing.
      expect(await stored('room')).toMatchObject({ ...equal, missing: 12 })
      release = await world.holdDatabase()
    },
    () => {
      post(others()[0]!)
      later()
      const fault = { kind: 'hostile_row' as const, row: 0, drop: ['id'] }
      world.tenant.simulator.setFaults({ rules: [{ route: 'export', nth: 1, fault }] })
      return (text: string) => text.includes('Waiting') && release()
    },
  ],
  'The evening check': [nothing, nothing, nothing, nothing],
  'The next morning': [
    () => {
      mutate().allowTeam(refused())
      later()
    },
    nothing,
  ],
}

it('every section of the page is played, command by command', () => {
  const counts = Object.entries(Object.groupBy(page.steps, ({ section }) => section))
  expect(Object.fromEntries(counts.map(([section, steps]) => [section, steps!.length]))).toEqual(
    Object.fromEntries(Object.entries(day).map(([section, happenings]) => [section, happenings.length])),
  )
})

describe('the comparison', () => {
  it('lets ids, times, amounts and larger counts differ, and nothing else', () => {
    const line = (team: string, time: string, n: string) =>
      `06:00:0${n} warning: teams ${team} of ${time}: 403   1${n} read, 0 behind in 1.${n} s`
    const one = line('c9e2c86b-8bf7-43ff-9cc6-8ec526c97c33', '2026-11-23T07:20:05.000Z', '7')
    expect(comparable(one)).toEqual(
      comparable(line('00000000-0000-0000-0000-000000000000', '2027-01-01T00:00:00Z', '8')),
    )
    for (const [word, other] of [
      ['teams', 'channels'],
      ['0 behind', '1 behind'],
      ['warning', 'notice'],
    ] as const)
      expect(comparable(one)).not.toEqual(comparable(one.replace(word, other)))
  })

  it('lets the page leave out what it has shown, and nothing else', () => {
    const actual = ['head', 'known', 'known', 'tail']
    expect(folded(actual, ['head', '…', 'tail'], new Set(['known']))).toEqual(['head', '…', 'tail'])
    expect(folded(actual, ['head', '…', 'tail'], new Set())).not.toEqual(['head', '…', 'tail'])
    expect(folded(actual, ['head', '…'], new Set(['known']))).toEqual(['head', '…', 'tail'])
  })
})

describe('the day shows what the page says', () => {
  const before = new Set<string>()
  for (const [index, { section, command, shown, exit }] of page.steps.entries()) {
    it(`${index + 1}. ${section}: ${command}`, async () => {
      const happenings = day[section]!
      const seen = await happenings[page.steps.slice(0, index).filter((step) => step.section === section).length]!()
      const ended = await world.run(command, typeof seen === 'function' ? (seen as (text: string) => void) : undefined)
      const told = comparable(shown)
      const lines = comparable(ended.text)
      expect(folded(lines, told, before).join('\n'), ended.text).toBe(told.join('\n'))
      expect(ended.exit, ended.text).toBe(exit)
      for (const line of lines) before.add(line)
    }, 120_000)
  }

  it('in the end every message is there once, but for the one that came without an id', async () => {
    expect(await stored('end')).toMatchObject({ ...equal, missing: KEPT_ASIDE })
  })
})
