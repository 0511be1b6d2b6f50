import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../../libs/observe/events.ts'
import type { FaultPlan } from '../../sources/microsoft_teams/simulator/index.ts'
import type { CliResult, RunningCli } from '../support/cli.ts'
import { queryDatabase, withDatabase } from '../support/operate.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'
import { launcher, start } from '../unit/cli/run_parley.ts'

/** From the signal, or from the end of the commit that it met, to the end of the process. */
const MOST_MS = 5_000
const PER_CHANNEL = 400

let tenant: Tenant
beforeEach(async () => {
  tenant = await startTenant({
    dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: PER_CHANNEL } },
  })
})
afterEach(() => tenant.close())

interface Stopped extends CliResult {
  /** ms from the signal, or the end of the commit after it, to the end. */
  took: number
  events: Event[]
}

/** Runs a sync, sends the signal at the event that `when` picks, and waits for the end. */
async function stopAt(
  when: (event: Event) => boolean | Promise<boolean>,
  signal: 'SIGINT' | 'SIGTERM',
  extra: readonly string[] = [],
): Promise<Stopped> {
  const events: Event[] = []
  let since = 0
  let sent = false
  const running: RunningCli = tenant.start([...extra, '--progress', 'json', '--output', 'json'], {
    env: { PARLEY_UNIT_ROWS: '600' },
    timeoutMs: 45_000,
    onLine: (line) => {
      if (!line.startsWith('{')) return
      const event = JSON.parse(line) as Event
      events.push(event)
      if (event.type === 'commit_phase' && event.phase === 'done') since = performance.now()
      if (!sent && when(event)) {
        sent = true
        since = performance.now()
        running.child.kill(signal)
      }
    },
  })
  // Where nothing happens any more there is no event to go by.
  const silence = setInterval(() => {
    if (sent || !isStuck()) return
    sent = true
    since = performance.now()
    running.child.kill(signal)
  }, 50)
  const ended = await running.ended
  clearInterval(silence)
  return { ...ended, took: performance.now() - since, events }
}

/** True when a request of the fault is under way. */
let isStuck = (): boolean => false
function fault(plan: FaultPlan): void {
  tenant.simulator.setFaults(plan)
  isStuck = () => Object.values(tenant.simulator.stats().faults).some((count) => count > 0)
}
afterEach(() => {
  isStuck = () => false
})

const phases: [string, FaultPlan['rules'][number]][] = [
  ['signing in', { route: 'token', fault: { kind: 'stall', when: 'before_headers' } }],
  ['planning', { route: 'teams', fault: { kind: 'stall', when: 'before_headers' } }],
  ['planning, half of an answer', { route: 'teams', fault: { kind: 'stall', when: 'mid_body' } }],
  ['a Retry-After of an hour', { route: 'export', nth: 3, fault: { kind: 'throttle', retry_after: 3600 } }],
  ['a slow drip', { route: 'export', nth: 3, fault: { kind: 'drip', chunk_bytes: 1, every_ms: 1000 } }],
  ['a server that breaks again and again', { route: 'export', fault: { kind: 'status', status: 500 } }],
]

describe('the first signal ends it within five seconds', () => {
  it.each(phases)('in %s; what was read stays, and the next run goes on', async (_, rule) => {
    fault({ rules: [rule] })
    const { code, took, stderr, stdout } = await stopAt(() => false, 'SIGINT')
    expect([code, took < MOST_MS], stderr.slice(-2000)).toEqual([130, true])
    expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted' })
    expect(await queryDatabase(tenant.database, 'SELECT status FROM parley.runs')).toEqual([{ status: 'interrupted' }])
    tenant.simulator.setFaults(null)
    tenant.later()
    const next = await tenant.sync()
    expect(next.code, next.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })

  it('in a commit, which is carried out, as is the unit that was read meanwhile', async () => {
    const isCommit = (event: Event) => event.type === 'commit_phase' && event.phase === 'apply' && event.unit === 2
    const { code, took, events, stdout } = await stopAt(isCommit, 'SIGTERM')
    expect([code, took < MOST_MS]).toEqual([143, true])
    const rows = events.reduce((sum, event) => sum + (event.type === 'committed' ? event.rows : 0), 0)
    const read = JSON.parse(stdout).tables.reduce((sum: number, table: { read: number }) => sum + table.read, 0)
    expect(rows).toBe(read)
    const [held] = await queryDatabase<{ n: number }>(
      tenant.database,
      'SELECT (SELECT count(*) FROM microsoft_teams.messages)::INTEGER + (SELECT count(*) FROM microsoft_teams.message_replies)::INTEGER AS n',
    )
    expect(held!.n).toBeGreaterThan(0)
    const cursors = `SELECT 1 FROM parley.cursors WHERE job = 'microsoft_teams.messages'`
    expect(await queryDatabase(tenant.database, cursors)).not.toEqual([])
    tenant.later()
    const next = await tenant.sync()
    expect(next.code, next.stderr).toBe(0)
    expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  })

  it('while another process holds the destination and --wait-lock waits', async () => {
    await withDatabase(tenant.database, async () => {
      const isWaiting = (event: Event) => event.type === 'notice' && event.code === 'PARLEY_WAITING_FOR_LOCK'
      const { code, took } = await stopAt(isWaiting, 'SIGTERM', ['--wait-lock'])
      expect([code, took < MOST_MS]).toEqual([143, true])
    })
  })
})

it('the second signal ends it at once, and the file is whole', async () => {
  const sent: number[] = []
  const { child, ended } = tenant.start(['--progress', 'json', '--output', 'json'], {
    env: { PARLEY_UNIT_ROWS: '600' },
    onLine: (line) => {
      const event = JSON.parse(line) as Event
      if (event.type !== 'commit_phase' || event.phase !== 'stage' || sent.length > 0) return
      sent.push(performance.now())
      child.kill('SIGINT')
      setImmediate(() => child.kill('SIGTERM'))
    },
  })
  const { code, stdout } = await ended
  // Two signals that wait together may be delivered in either order.
  expect([130, 143]).toContain(code)
  expect(stdout).toBe('')
  expect(performance.now() - sent[0]!).toBeLessThan(2_000)
  tenant.later()
  const next = await tenant.sync()
  expect(next.code, next.stderr).toBe(0)
  expect(await compareWithTruth(tenant.database, tenant.simulator)).toMatchObject(equal)
  expect(await queryDatabase(tenant.database, 'SELECT status FROM parley.runs ORDER BY started_at')).toEqual([
    { status: 'killed' },
    { status: 'ok' },
  ])
})

it('a unit that cannot be stored after the signal is told as what it is', async () => {
  // No file may grow beyond a megabyte: what a full disk is to a database.
  const command = ['/bin/sh', '-c', 'ulimit -f 2048; exec "$0" "$@"', process.execPath, launcher, 'sync']
  const env = { PARLEY_RATE_SHARE: '100' }
  const child = start([...command, ...tenant.args, '--progress', 'json', '--output', 'json'], { env })
  await child.shown('"phase":"stage"')
  child.process.kill('SIGINT')
  const { code, stderr, stdout } = await child.ended
  expect(stderr).toContain('PARLEY_STOPPING')
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^error PARLEY_WRITE_FAILED: /m)])
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'PARLEY_WRITE_FAILED' } })
})
