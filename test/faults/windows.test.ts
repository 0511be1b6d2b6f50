import { afterEach, describe, expect, it } from 'vitest'
import type { Cursor, Partition } from '../../libs/connect/feed.ts'
import { resolveOptions } from '../../libs/connect/options.ts'
import { readFeed } from '../../libs/connect/read_feed.ts'
import { Session } from '../../libs/connect/session.ts'
import { channelMessagesFeed as feed } from '../../sources/microsoft_teams/feeds/channel_messages.ts'
import { microsoftTeams } from '../../sources/microsoft_teams/index.ts'
import {
  realClock,
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { testRuntime } from '../support/runtime.ts'

const HOUR = 3_600_000
let simulator: TeamsSimulator
let connection: ReturnType<typeof microsoftTeams.connect>
afterEach(async () => {
  await connection.close()
  await simulator.close()
})

async function start(
  options: TeamsSimulatorOptions,
  tableOptions: Record<string, unknown> = {},
  stored: Cursor | null = null,
) {
  const generated = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 500, days: 300 }
  simulator = await startTeamsSimulator({ throttle: 'off', clock: realClock(), dataset: { generated }, ...options })
  const raw = { ...simulator.connection }
  connection = microsoftTeams.connect(
    resolveOptions(microsoftTeams.options, raw, { scope: 'connection', unknown: 'error' }),
    testRuntime(),
  )
  const table = resolveOptions(microsoftTeams.options, tableOptions, { scope: 'table', unknown: 'error' })
  const signal = new AbortController().signal
  const team = simulator.truth.teams()[0]!.id
  const partition: Partition = { id: team, team_id: team }
  const seen = new Map<string, string>()
  let cursor: Cursor | null = stored
  /** Reads up to so many pages, as a run that is broken off would. Answers whether the end was reached. */
  const read = async (maxPages = 100_000): Promise<boolean> => {
    const session = new Session()
    const until = await feed.until({ connection, options: table, session, signal })
    const request = { tables: new Set(feed.tables), session, until, options: table, signal, limit: { maxPages } }
    for await (const page of readFeed(feed, connection, partition, cursor, request)) {
      cursor = page.cursor
      for (const batch of [...page.rows.values()].flat()) {
        for (const row of batch.toArray()) seen.set(`${row.replyToId}/${row.id}`, String(row.lastModifiedDateTime))
      }
      if (page.complete) return true
    }
    return false
  }
  return { read, seen, cursor: () => cursor }
}

function expectEverything(seen: ReadonlyMap<string, string>): void {
  const truth = [...simulator.truth.messages()].map(({ json }) => `${json.replyToId}/${json.id}`)
  expect(new Set(seen.keys())).toEqual(new Set(truth))
}

describe('a window that is read over several runs', () => {
  it('goes on although the link of every run is stale at the next', async () => {
    const { read, seen } = await start({ pageTokenSeconds: 60 })
    for (let run = 0; run < 6; run++) {
      expect(await read(3)).toBe(false)
      simulator.clock.advance(HOUR)
    }
    expect(await read()).toBe(true)
    expectEverything(seen)
  })

  it('is not believed when messages moved in a pause of days', async () => {
    const { read, seen } = await start({})
    expect(await read(3)).toBe(false)
    simulator.clock.advance(48 * HOUR)
    // Edits of messages of the first pages: those behind them move up, over the place where the walk goes on.
    const { id: team_id, channels } = simulator.truth.teams()[0]!
    const early = [...seen.keys()].slice(0, 60).map((key) => key.split('/')[1]!)
    for (const id of early) simulator.mutate.edit({ team_id, channel_id: channels[0]!.id, id })
    simulator.clock.advance(HOUR)
    expect(await read()).toBe(true)
    expectEverything(seen)
  })

  it('ends with any lookback while messages change', async () => {
    const { read, seen } = await start(
      { mutateDuringWalk: { every: 5, max: 20 } },
      { lookback_seconds: 7 * 86_400, page_size: 10 },
    )
    for (let run = 0; run < 3 && !(await read()); run++) simulator.clock.advance(HOUR)
    simulator.clock.advance(HOUR)
    expect(await read()).toBe(true)
    expectEverything(seen)
    expect(simulator.stats().requests).toBeLessThan(1_000)
  })

  it('goes on from a cursor of release 0.1.0, of which one window was open and others lay behind it', async () => {
    const now = Date.now()
    const open = { v: 1, s: 1, a: now - 200 * 24 * HOUR, b: now - 100 * 24 * HOUR }
    const { read, seen, cursor } = await start({}, {}, { ...open, cuts: [now - 50 * 24 * HOUR, now - 24 * HOUR] })
    expect(await read()).toBe(true)
    // What had been seen before `a` is not asked for again.
    const old = [...simulator.truth.messages()].filter(
      ({ json }) => Date.parse(String(json.lastModifiedDateTime)) < open.a,
    )
    expect(old.length).toBeGreaterThan(0)
    for (const { json } of old) seen.set(`${json.replyToId}/${json.id}`, '')
    expectEverything(seen)
    expect(cursor()).toMatchObject({ v: 2, s: 1 })
    expect(cursor()).not.toHaveProperty('todo')
  })
})

describe('a long history', () => {
  const long = { teams: 1, channelsPerTeam: 2, messagesPerChannel: 1_500, days: 300 }

  it('is read whole in many windows although messages move, answers fail and runs end early', async () => {
    const rule = { route: 'export', probability: 0.02 }
    const faults = {
      rules: [
        { ...rule, fault: { kind: 'reset' as const, when: 'mid_body' as const } },
        { ...rule, fault: { kind: 'status' as const, status: 503, retry_after: null } },
      ],
    }
    const { read, seen, cursor } = await start({
      dataset: { generated: long },
      mutateDuringWalk: { every: 20, max: 15 },
      faults,
    })
    while (!(await read(40))) simulator.clock.advance(HOUR)
    // The last read must not be one in which a message is created: it may lie behind the end of that read.
    const count = () => [...simulator.truth.messages()].length
    for (let before = -1; before !== count(); ) {
      before = count()
      simulator.clock.advance(HOUR)
      expect(await read()).toBe(true)
    }
    expectEverything(seen)
    expect(cursor()).not.toHaveProperty('todo')
    expect(simulator.stats().requests).toBeLessThan(1_000)
  }, 60_000)
})
