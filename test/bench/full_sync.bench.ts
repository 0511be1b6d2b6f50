/**
 * The real conversations (247,387 messages) as 25 teams, read and applied in every way: a full sync while messages are
 * edited and deleted, two more syncs, and a quiet one. Equal to the tenant's truth, with seconds, rows a second and peak
 * memory; and the memory beside that of 50,000 messages, each the median of three syncs: one peak alone moves by a tenth.
 *
 *   node test/bench/full_sync.bench.ts [READ_MODE:SCD_TYPE ...]
 */
import { existsSync } from 'node:fs'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { watchPeakMemory } from '../support/peak_memory.ts'
import { compareNow } from '../support/present.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

const file = `${process.env.PARLEY_SHARED ?? '../shared'}/conversations/ubuntu_irc.ndjson.gz`
const WAYS = [
  'export:SCD_TYPE_1',
  'export:SCD_TYPE_2',
  'export:APPEND_ONLY',
  'delta:SCD_TYPE_1',
  'list:SCD_TYPE_1',
  'auto:SCD_TYPE_2',
]
const SHARED_CHANNELS = 3
const SMALL = 50_000

if (existsSync(file)) await main(process.argv.length > 2 ? process.argv.slice(2) : WAYS)
else console.log(`full_sync: skipped, ${file} is absent (set PARLEY_SHARED)`)

async function main(ways: readonly string[]): Promise<void> {
  const limit = Number(process.env.PARLEY_BENCH_MESSAGES ?? 0)
  for (const [index, way] of ways.entries()) {
    const [mode, scdType] = way.split(':') as [string, ScdType]
    await measure(mode, scdType, limit)
    if (index > 0 || limit > 0) continue
    const [all, small] = [await peakOf(mode, scdType, 0), await peakOf(mode, scdType, SMALL)]
    console.log(`peak memory, all messages over ${SMALL}: ${all} over ${small} MiB = ${(all / small).toFixed(2)}`)
  }
}

/** The median peak of three full syncs, in MiB. */
async function peakOf(mode: string, scdType: ScdType, limit: number): Promise<number> {
  const peaks: number[] = []
  for (let sync = 0; sync < 3; sync++) {
    const tenant = await tenantOf(mode, scdType, limit)
    peaks.push((await run(tenant, 'full sync, messages changing')).peak)
    await tenant.close()
  }
  return peaks.toSorted((a, b) => a - b)[1]!
}

async function tenantOf(mode: string, scdType: ScdType, limit: number): Promise<Tenant> {
  const tenant = await startTenant({
    dataset: { ndjson: file, teams: 25, ...(limit > 0 ? { limit } : {}) },
    mutateDuringWalk: { every: limit > 0 ? 10 : 25, max: 100 },
    sharedChannels: mode === 'auto' ? SHARED_CHANNELS : 0,
  })
  tenant.writeSpec(specText({ read_mode: mode, scd_type: scdType }))
  return tenant
}

async function measure(mode: string, scdType: ScdType, limit: number): Promise<void> {
  const tenant = await tenantOf(mode, scdType, limit)
  const { loaded } = tenant.simulator.truth
  console.log(
    `${mode} as ${scdType}: ${loaded.messages} messages, ${loaded.replyLinks} reply links, 25 teams; 100 changes during the walk`,
  )
  await run(tenant, 'full sync, messages changing')
  // The next one may meet the last of the changes, the one after it brings them.
  for (let sync = 0; sync < 2; sync++) {
    tenant.later()
    await run(tenant, 'one more sync')
  }
  tenant.later()
  const quiet = await run(tenant, 'quiet sync')
  const { missing, extra, different, doubled, rows, examples } = await compareNow(
    tenant.database,
    tenant.simulator,
    scdType,
    mode === 'export' ? 'exported' : 'all',
  )
  console.log(
    `  against the truth: ${rows} rows, ${missing} missing, ${extra} extra, ${different} different, ${doubled} doubled; the quiet sync changed ${changedRows(quiet.result)} rows`,
  )
  for (const example of examples) console.log(example)
  await tenant.close()
  if (missing + extra + different + doubled + changedRows(quiet.result) > 0) process.exitCode = 1
}

async function run(tenant: Tenant, title: string): Promise<{ result: RunResult; peak: number }> {
  const running = tenant.start(['--output', 'json', '--progress', 'none'], { timeoutMs: 900_000 })
  const memory = watchPeakMemory(running.child)
  const { stdout, stderr, code } = await running.ended
  const peak = memory.stop()
  if (code !== 0) throw new Error(`${title}: exit ${code}\n${stderr}`)
  const result = JSON.parse(stdout) as RunResult
  const read = result.tables.reduce((sum, table) => sum + table.read, 0)
  const rate = Math.round(read / result.seconds)
  console.log(
    `  ${title}: ${result.seconds.toFixed(1)} s, ${read} rows read, ${rate} rows/s, ${changedRows(result)} changed, ${result.requests} requests, peak ${peak} MiB`,
  )
  return { result, peak }
}
