/**
 * What a partition costs before its first row, and what travels with it: the start of a Node.js child, a Spark task with
 * one, and the bytes of each generated file and of its readers as Spark pickles them.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { askPython } from '../../support/ask_python.ts'
import { median } from './figures.ts'

const SOURCES: readonly [name: string, exported: string][] = [
  ['microsoft_teams', 'microsoftTeams'],
  ['discord', 'discord'],
]
const CORES = 2
const PARTITIONS = Number(process.env.PARLEY_BENCH_PARTITIONS ?? 64)
const ROUNDS = 3

interface Answer {
  /** Seconds of a child that says which tables there are. */
  start: Record<string, number[]>
  pickled: Record<string, Record<string, number>>
  /** Seconds of reading nothing by so many tasks, `node` with a child in each, `python` without. */
  read: Record<'node' | 'python', Record<'one' | 'many', number[]>>
}

const environment = sparkEnvironment()
if (environment !== null) await main(environment.python)

async function main(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-starts-'))
  const bundles = Object.fromEntries(
    SOURCES.map(([source, exported]) => {
      const file = join(folder, `_generated_${source}_python_source.py`)
      bundle(`sources/${source}/index.ts`, exported, file)
      return [source, file]
    }),
  )
  const generated = { teams: PARTITIONS, channelsPerTeam: 1, messagesPerChannel: 0 }
  const simulator = await startTeamsSimulator({ dataset: { generated }, throttle: 'off' })
  const request = {
    folder,
    cores: CORES,
    bundles,
    options: { ...simulator.connection, read_mode: 'export' },
    partitions: PARTITIONS,
    rounds: ROUNDS,
  }
  const env = { PARLEY_RATE_SHARE: '100' }
  const answer = await askPython<Answer>(python, join(import.meta.dirname, 'starts.py'), request, env)
  for (const [source, file] of Object.entries(bundles)) {
    const pickled = Object.entries(answer.pickled[source]!).map(([name, bytes]) => `${name} ${bytes}`)
    console.log(`${source}: generated file ${statSync(file).size} bytes; pickled: ${pickled.join(', ')} bytes`)
    console.log(`  a child starts and answers in ${(median(answer.start[source]!) * 1000).toFixed(0)} ms`)
  }
  const { node, python: bare } = answer.read
  console.log(
    `${PARTITIONS} teams without messages by ${PARTITIONS} tasks: ${median(node.many).toFixed(1)} s on ${CORES} cores; by one: ${median(node.one).toFixed(1)} s`,
  )
  console.log(
    `  a task more costs ${perTask(node).toFixed(0)} ms of a core, ${perTask(bare).toFixed(0)} ms of them without Node.js`,
  )
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Milliseconds. */
function perTask({ one, many }: Record<'one' | 'many', number[]>): number {
  return ((median(many) - median(one)) * CORES * 1000) / (PARTITIONS - 1)
}
