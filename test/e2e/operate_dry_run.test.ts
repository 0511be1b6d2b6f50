import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { SyncEstimate } from '../../pipeline/sync/estimate_types.ts'
import type { TeamsSimulatorOptions } from '../../sources/microsoft_teams/simulator/index.ts'
import { parley } from '../support/cli.ts'
import { withDatabase, writeConnection } from '../support/operate.ts'
import { startTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant
afterEach(() => tenant.close())

const many: TeamsSimulatorOptions = {
  dataset: { generated: { teams: 12, channelsPerTeam: 2, messagesPerChannel: 500 } },
}
const few: TeamsSimulatorOptions = { dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 150 } } }

async function dryRun(...extra: string[]): Promise<SyncEstimate> {
  tenant.simulator.resetStats()
  const ended = await parley(['sync', ...tenant.args, '--dry-run', '--output', 'json', ...extra])
  expect(ended.code, ended.stderr).toBe(0)
  const estimate = JSON.parse(ended.stdout) as SyncEstimate
  expect(estimate).toMatchObject({ dry_run: true, planning: { requests: tenant.simulator.stats().requests } })
  return estimate
}

async function realRun(...extra: string[]): Promise<number> {
  tenant.simulator.resetStats()
  const ended = await tenant.sync(extra)
  expect(ended.code, ended.stderr).toBe(0)
  return tenant.simulator.stats().requests
}

const table = ({ tables }: SyncEstimate, name: string) => tables.find(({ table }) => table === name)!

describe('sync --dry-run', () => {
  it('before the first sync: counts a sample, writes nothing, and is near what the sync takes', async () => {
    tenant = await startTenant(many)
    const before = readdirSync(tenant.folder)
    const estimate = await dryRun()
    expect(readdirSync(tenant.folder)).toEqual(before)
    expect(estimate).toMatchObject({ destination_exists: false, earlier: null, limit: { rule: 'team', per_second: 4 } })
    expect(table(estimate, 'messages')).toMatchObject({
      partitions: { total: 12, new: 12, going_on: 0, refused: 0, missing: 0 },
      since: null,
    })
    expect(table(estimate, 'messages').list[0]!.from).toBe('beginning')
    expect(estimate.reads.at(-1)!.requests.basis).toMatch(
      /^An estimate: messages of 10 of 12 teams were counted by \d+ requests/,
    )
    expect(estimate.planning.requests).toBeLessThanOrEqual(10 * 55 + 20)
    const { at_least, estimated } = estimate.requests
    const took = await realRun()
    expect(at_least).toBeLessThanOrEqual(took)
    expect(estimated! / took).toBeGreaterThan(0.6)
    expect(estimated! / took).toBeLessThan(1.6)
  })

  it('after syncs: says since when each table goes on, and what earlier runs took', async () => {
    tenant = await startTenant(few)
    const first = await realRun()
    tenant.later()
    const stored = readFileSync(tenant.database)
    const estimate = await dryRun()
    expect(readFileSync(tenant.database).equals(stored)).toBe(true)
    expect(existsSync(`${tenant.database}.wal`)).toBe(false)
    expect(table(estimate, 'messages')).toMatchObject({ partitions: { total: 2, new: 0, going_on: 2 } })
    expect(Date.parse(table(estimate, 'messages').since!)).toBeLessThan(tenant.simulator.clock.now() - 60_000)
    expect(estimate).toMatchObject({ destination_exists: true, earlier: { runs: 1, usual: null } })
    const second = await realRun()
    expect(estimate.requests).toMatchObject({ at_least: second, estimated: second })
    tenant.later()
    const third = await dryRun()
    expect(third.earlier).toMatchObject({ runs: 2, usual: { requests: second }, largest: { requests: first } })
    expect(third.requests.basis).toBe('The median of 1 earlier run that went on.')
    const full = await dryRun('--full')
    expect(table(full, 'messages').partitions).toMatchObject({ new: 2, going_on: 0 })
    expect(full.requests.estimated).toBe(first)
    // Nothing is counted that a run has counted.
    expect(tenant.simulator.stats().byRoute.export).toBeUndefined()
  })

  it.each(['list', 'delta'])('reckons channels that are read by %s', async (read_mode) => {
    tenant = await startTenant(few, { read_mode })
    const estimate = await dryRun('--tables', 'messages,message_replies')
    expect(table(estimate, 'messages').partitions).toMatchObject({ total: 4, new: 4 })
    expect(estimate.limit).toMatchObject({ rule: 'conversation', per_second: 1 })
    const took = await realRun('--tables', 'messages,message_replies')
    expect(estimate.requests.at_least).toBeLessThanOrEqual(took)
    expect(estimate.requests.estimated! / took).toBeGreaterThan(0.4)
    expect(estimate.requests.estimated! / took).toBeLessThan(2.5)
  })

  it('tells what is refused, and that nobody can count it', async () => {
    tenant = await startTenant(few, { read_mode: 'export' })
    for (const { id } of tenant.simulator.truth.teams()) tenant.simulator.mutate.refuseTeam(id)
    const estimate = await dryRun()
    expect(estimate.reads.at(-1)!.requests).toMatchObject({ estimated: null, at_least: 4 })
    expect(estimate.reads.at(-1)!.requests.basis).toContain('2 teams refused the export')
    expect(estimate.requests.estimated).toBeNull()
  })

  it('as text names tables, requests, time and the limit that binds', async () => {
    tenant = await startTenant(few)
    const { code, stdout, stderr } = await parley(['sync', ...tenant.args, '--dry-run'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^table +partitions +from the beginning +going on +since\n/)
    expect(stdout).toMatch(/^microsoft_teams\.messages, microsoft_teams\.message_replies +4 +~\d+ +An estimate: /m)
    expect(stdout).toMatch(/^A sync makes at least \d+ requests, about \d+\. /m)
    expect(stdout).toMatch(/^It takes about .*, team binds: \d+ requests at 4 a second take /m)
    expect(stdout).toMatch(/^Nothing was written\. This took \d+ requests, /m)
  })

  it('ends as a sync does: wrong secret 3, held file 6, a signal within five seconds', async () => {
    tenant = await startTenant(few)
    const args = ['sync', ...tenant.args, '--dry-run']
    await withDatabase(tenant.database, async () => expect((await parley(args)).code).toBe(6))
    writeConnection(tenant, { client_secret: 'wrong' })
    expect((await parley(args)).code).toBe(3)
    writeConnection(tenant, {})
    tenant.simulator.setFaults({ rules: [{ route: 'export', fault: { kind: 'stall', when: 'before_headers' } }] })
    tenant.simulator.resetStats()
    const { child, ended } = tenant.start(['--dry-run', '--output', 'json'])
    while (Object.keys(tenant.simulator.stats().faults).length === 0) await new Promise((go) => setTimeout(go, 20))
    const since = performance.now()
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect([code, performance.now() - since < 5_000]).toEqual([130, true])
    expect(stderr).toContain('error PARLEY_INTERRUPTED')
  })
})
