/**
 * A hundred recorded conversations as Discord channels, read with one worker and with ten against answers that take
 * 50 ms each and no throttle: how much the workers are worth (aim 10x). Both in one run, on the same data.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { sync } from '../support/cli.ts'
import { sharedOrSkip } from '../support/shared.ts'

const CHANNELS = 100
const LATENCY_MS = 50

const shared = sharedOrSkip('the workers of Discord on recorded conversations')
if (shared !== undefined) {
  const ndjson = join(shared, 'conversations/ubuntu_irc.ndjson.gz')
  const simulator = await startDiscordSimulator({
    throttle: 'off',
    latencyMs: LATENCY_MS,
    dataset: { ndjson, guilds: 1, conversations: CHANNELS },
  })
  const { messages } = simulator.truth.counts()
  console.log(`${messages} messages in ${CHANNELS} channels, ${LATENCY_MS} ms an answer`)
  const seconds = new Map<number, number>()
  for (const workers of [1, 10]) {
    const folder = mkdtempSync(join(tmpdir(), 'parley-workers-'))
    const connection = join(folder, 'connection.json')
    writeFileSync(connection, JSON.stringify(simulator.connection), { mode: 0o600 })
    const args = ['--source', 'discord', '--connection', connection, '--tables', 'messages']
    const flags = ['--destination', `duckdb:${join(folder, 'lake.duckdb')}`, '--workers', String(workers)]
    const { code, result, stderr } = await sync([...args, ...flags], { timeoutMs: 1_200_000 })
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
    const { maxConcurrentChannels, averageChannelTime, totalApiCalls } = result.statistics
    const read = result.tables[0]!.read
    if (read !== messages) throw new Error(`${read} messages were read`)
    seconds.set(workers, result.seconds)
    console.log(
      `${workers} workers: ${result.seconds.toFixed(1)} s, ${totalApiCalls} requests, ${maxConcurrentChannels} channels at a time, ${averageChannelTime.toFixed(2)} s a channel`,
    )
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`10 workers against 1: ${(seconds.get(1)! / seconds.get(10)!).toFixed(1)}x`)
  await simulator.close()
}
