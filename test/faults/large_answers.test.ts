import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { watchPeakMemory } from '../support/peak_memory.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

/** 500 where there is time: `PARLEY_LARGE_MESSAGES=500`. */
const MESSAGES = Number(process.env.PARLEY_LARGE_MESSAGES ?? 60)

let tenant: Tenant
afterEach(() => tenant.close())

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  result: RunResult
  /** MiB. */
  peak: number
}

async function sync(connection: Record<string, unknown> = {}): Promise<Ended> {
  const file = join(tenant.folder, 'connection.json')
  writeFileSync(file, JSON.stringify({ ...tenant.simulator.connection, ...connection }), { mode: 0o600 })
  const running = tenant.start(['--output', 'json', '--progress', 'none'], { timeoutMs: 280_000 })
  const memory = watchPeakMemory(running.child)
  const ended = await running.ended
  return { ...ended, result: ended.stdout === '' ? undefined : JSON.parse(ended.stdout), peak: memory.stop() }
}

async function start(generated: object, table: Record<string, unknown>): Promise<void> {
  const dataset = { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 1, ...generated } }
  tenant = await startTenant({ dataset }, table)
}

describe('fifty threads of a thousand replies each, in one answer', () => {
  it('are read whole, in bounded memory', async () => {
    await start({ messagesPerChannel: 50, repliesPerRoot: 1000 }, { read_mode: 'list' })
    const run = await sync()
    expect(run.code, run.stderr).toBe(0)
    const difference = await compareWithTruth(tenant.database, tenant.simulator)
    expect(difference, difference.examples.join('\n')).toMatchObject({ ...equal, rows: 50_050 })
    const answers = tenant.simulator.log.filter(({ route }) => route === 'channel_messages')
    const largest = Math.max(...answers.map(({ bytes }) => bytes))
    console.log(`50 threads of 1,000 replies: ${answers.length} answers, ${mib(largest)} MiB, peak ${run.peak} MiB`)
    expect(mib(largest)).toBeGreaterThan(30)
    expect(run.peak).toBeLessThan(1_400)
  }, 120_000)
})

describe(`${MESSAGES} messages of 5 MB`, () => {
  it('are read a few at a time where a page is more than max_response_bytes, in bounded memory', async () => {
    await start({ messagesPerChannel: MESSAGES, bodyBytes: 5_000_000 }, { read_mode: 'export' })
    const began = performance.now()
    const run = await sync({ max_response_bytes: 64 * 1024 * 1024 })
    expect(run.code, run.stderr).toBe(0)
    const seconds = Math.round((performance.now() - began) / 1000)
    console.log(
      `${MESSAGES} messages of 5 MB: ${tenant.simulator.stats().requests} requests, ${seconds} s, peak ${run.peak} MiB`,
    )
    expect(await wholeTexts()).toBe(textsOfTruth())
    // DuckDB holds the texts of 2,048 rows at once, and writes them from there.
    expect(run.peak).toBeLessThan(1_200 + 2 * 5 * MESSAGES)
  }, 300_000)
})

describe('an answer above max_response_bytes', () => {
  it('that cannot be made smaller is refused with a code; other teams are read, and it comes when the bound is raised', async () => {
    await start({ teams: 2, messagesPerChannel: 20 }, { read_mode: 'export' })
    const team = tenant.simulator.truth.teams()[0]!
    const old = [...tenant.simulator.truth.messages({ team_id: team.id })].find(
      ({ json }) => json.messageType === 'message',
    )!
    tenant.simulator.mutate.edit({
      team_id: team.id,
      channel_id: old.channel_id,
      id: String(old.json.id),
      text: 'x'.repeat(300_000),
    })
    tenant.later()
    const run = await sync({ max_response_bytes: 200_000 })
    expect(run.code, run.stderr).toBe(4)
    expect(run.result.errors).toMatchObject([{ partition: team.id, code: 'PARLEY_RESPONSE_TOO_LARGE' }])
    const next = await sync()
    expect(next.code, next.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })
})

const mib = (bytes: number) => Math.round(bytes / 1024 / 1024)

/** How many messages have all of their text: deleted ones have none. */
function textsOfTruth(): number {
  let texts = 0
  for (const { json } of tenant.simulator.truth.messages()) {
    if ((json.body as { content: string }).content.length >= 4_900_000) texts++
  }
  return texts
}

async function wholeTexts(): Promise<number> {
  const database = await openDatabase(tenant.database, { readOnly: true, sleep: async () => {} })
  try {
    // A query over texts this long holds all of them.
    await database.connection.run("SET memory_limit = '8GB'")
    const result = await database.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM
      (SELECT body FROM microsoft_teams.messages UNION ALL SELECT body FROM microsoft_teams.message_replies) WHERE strlen(body.content) >= 4_900_000`)
    return Number(result.getRows()[0]![0])
  } finally {
    database.close()
  }
}
