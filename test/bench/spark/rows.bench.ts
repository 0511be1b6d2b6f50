/**
 * Rows a second into Spark, in turn, in one session: by the generated file (Node.js parses and encodes, Arrow batches go
 * through Python) against the same JSON as tuples of a Python data source; and handing over alone, Arrow against tuples.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { askPython } from '../../support/ask_python.ts'
import { median } from './figures.ts'

const ROWS = Number(process.env.PARLEY_BENCH_ROWS ?? 100_000)
const ROUNDS = 3
const PARTITIONS = 4
/** What one request of the export brings at most, and what it would be if pages were larger. */
const PAGES = [50, 1000]

interface Answer {
  /** Rows, and a hash over all columns of all of them, by way. */
  read: Record<Way, [number, number]>
  seconds: Record<Way, number[]>
}

const TITLES = {
  generated: 'the generated file: JSON in Node.js, Arrow to Spark',
  parsed: 'Python: the same JSON, tuples to Spark',
  batches: 'Arrow batches that were there before',
  tuples: 'tuples that were there before',
}
type Way = keyof typeof TITLES
const WAYS = Object.keys(TITLES) as Way[]
/** What is compared: the whole way, and handing over alone. */
const PAIRS: [Way, Way][] = [
  ['generated', 'parsed'],
  ['batches', 'tuples'],
]

const environment = sparkEnvironment()
if (environment !== null) await main(environment.python)

async function main(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-rows-'))
  const file = join(folder, '_generated_bulk_python_source.py')
  bundle('test/bench/spark/bulk_source.ts', 'bulkSource', file)
  const rows = await roots(Math.max(...PAGES))
  for (const page of PAGES) {
    const page_file = join(folder, `page_${page}.json`)
    writeFileSync(page_file, JSON.stringify({ value: rows.slice(0, page) }))
    const pages = Math.ceil(ROWS / PARTITIONS / page)
    const options = { page_file, partitions: String(PARTITIONS), pages: String(pages) }
    const script = join(import.meta.dirname, 'rows.py')
    const answer = await askPython<Answer>(python, script, { folder, bundle: file, options, rounds: ROUNDS })
    report(page, page * pages * PARTITIONS, answer)
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Root messages as Graph sends them, with reactions, mentions and attachments here and there. */
async function roots(count: number): Promise<object[]> {
  const generated = { teams: 1, channelsPerTeam: 1, messagesPerChannel: count * 2, bodyBytes: 200 }
  const simulator = await startTeamsSimulator({ dataset: { generated } })
  const found = [...simulator.truth.messages()].map(({ json }) => json).filter(({ replyToId }) => replyToId === null)
  await simulator.close()
  return found.slice(0, count)
}

function report(page: number, rows: number, { read, seconds }: Answer): void {
  console.log(`pages of ${page} rows, ${rows} rows in ${PARTITIONS} partitions on two cores, median of ${ROUNDS}`)
  const rates = Object.fromEntries(WAYS.map((way) => [way, rows / median(seconds[way])])) as Record<Way, number>
  for (const way of WAYS) console.log(`  ${TITLES[way]}: ${Math.round(rates[way])} rows/s`)
  for (const [one, other] of PAIRS)
    console.log(`  ${one} over ${other}: ${(rates[one] / rates[other]).toFixed(2)} times as fast`)
  if (WAYS.some((way) => String(read[way]) !== String(read.generated))) {
    console.log(`  the rows are not the same: ${JSON.stringify(read)}`)
    process.exitCode = 1
  }
}
