/**
 * Plays one seed of the simulation (test/simulation) with a log of everything that happens:
 * `npm run simulate:seed -- discord 4711`; without a name Microsoft Teams.
 * `--quiet` prints the runs and the verdict only; `--count N` plays N seeds from there on.
 */
import { parseArgs } from 'node:util'
import { GAMES } from '../test/simulation/games.ts'
import { reportOf } from '../test/simulation/report.ts'
import { simulate } from '../test/simulation/simulate.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quiet: { type: 'boolean', default: false }, count: { type: 'string', default: '1' } },
})
const names = Object.keys(GAMES)
const [source, seed] = positionals.length === 1 ? [names[0]!, positionals[0]] : positionals
const game = GAMES[source ?? '']
const first = Number(seed)
const count = Number(values.count)
if (game === undefined || positionals.length > 2 || !Number.isInteger(first) || !Number.isInteger(count) || count < 1) {
  console.error(`Give one whole number: npm run simulate:seed -- [${names.join('|')}] 4711 [--quiet] [--count N]`)
  process.exit(2)
}

let violated = 0
for (let seed = first; seed < first + count; seed++) {
  const plan = game.makePlan(seed)
  const result = await simulate(game, plan, values.quiet ? {} : { log: (line) => console.log(line) })
  if (result.violations.length > 0) {
    violated += 1
    console.log(reportOf(game.source.name, plan, result))
  } else if (count > 1 && (seed - first) % 50 === 49)
    console.log(`${seed - first + 1} seeds, ${violated} violate an invariant`)
  else if (count === 1) console.log([`seed ${seed} of ${source}: every invariant held`, ...result.runs].join('\n  '))
}
if (count > 1) console.log(`${count} seeds of ${source} from ${first}: ${violated} violate an invariant`)
process.exitCode = violated === 0 ? 0 : 1
