/**
 * The real conversations (247,387 messages) as 25 teams: a full sync while messages are edited and deleted, one more
 * sync, and a quiet one. Equal to the tenant's truth, with seconds, rows a second and peak memory.
 */
import { existsSync } from 'node:fs'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { watchPeakMemory } from '../support/peak_memory.ts'
import { changedRows, startTenant, type Tenant } from '../support/tenant.ts'
import { compareWithTruth } from '../support/truth.ts'

const file = `${process.env.PARLEY_SHARED ?? '../shared'}/conversations/ubuntu_irc.ndjson.gz`
const limit = process.env.PARLEY_BENCH_MESSAGES

if (existsSync(file)) await main()
else console.log(`full_sync: skipped, ${file} is absent (set PARLEY_SHARED)`)

async function main(): Promise<void> {
  const dataset = { ndjson: file, teams: 25, ...(limit ? { limit: Number(limit) } : {}) }
  const tenant = await startTenant({ dataset, mutateDuringWalk: { every: 25, max: 100 } })
  const { loaded } = tenant.simulator.truth
  console.log(
    `tenant: ${loaded.messages} messages, ${loaded.replyLinks} reply links, 25 teams; 100 changes, one every 25 requests`,
  )
  await run(tenant, 'full sync, messages changing')
  tenant.later()
  await run(tenant, 'one more sync')
  tenant.later()
  const last = await run(tenant, 'one more sync')
  console.log(`quiet sync changed ${changedRows(last)} rows`)
  const { missing, extra, different, doubled, rows, examples } = await compareWithTruth(
    tenant.database,
    tenant.simulator,
  )
  console.log(
    `against the truth: ${rows} rows, ${missing} missing, ${extra} extra, ${different} different, ${doubled} doubled`,
  )
  for (const example of examples) console.log(example)
  await tenant.close()
  if (missing + extra + different + doubled + changedRows(last) > 0) process.exitCode = 1
}

async function run(tenant: Tenant, title: string): Promise<RunResult> {
  const running = tenant.start(['--output', 'json', '--progress', 'none'], { timeoutMs: 900_000 })
  const memory = watchPeakMemory(running.child)
  const { stdout, stderr, code } = await running.ended
  const peak = memory.stop()
  if (code !== 0) throw new Error(`${title}: exit ${code}\n${stderr}`)
  const result = JSON.parse(stdout) as RunResult
  const read = result.tables.reduce((sum, table) => sum + table.read, 0)
  const rate = Math.round(read / result.seconds)
  console.log(
    `${title}: ${result.seconds.toFixed(1)} s, ${read} rows read, ${rate} rows/s, ${changedRows(result)} changed, ${result.requests} requests, peak ${peak} MiB`,
  )
  return result
}
