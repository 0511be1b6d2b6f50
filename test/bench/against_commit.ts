/**
 * Another commit and this one, in turn against the same servers: whether anything became slower. Each sync is a process of
 * its own into a file of its own; of each round the other one begins.
 *
 *   npm run bench:against -- COMMIT [ROUNDS]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sync } from '../support/cli.ts'
import { sharedOrSkip } from '../support/shared.ts'
import { changedRows, specText, startTenant, type Tenant } from '../support/tenant.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const MESSAGES = Number(process.env.PARLEY_BENCH_MESSAGES ?? 100_000)
const MODES = ['export', 'delta', 'list'] as const
/** What a sync must not be slower by: as much as the same commit differs from itself here. */
const NOISE = 1.1
/** One quiet sync of a second says little: as many of them, as long as they are short. */
const QUIET_SYNCS = 7
const QUIET_SECONDS = 7

const [commit, rounds = '3'] = process.argv.slice(2)
const shared = sharedOrSkip('two commits against each other')
if (commit === undefined || !/^[1-9]$/.test(rounds)) {
  console.error('Give a commit, and 1 to 9 rounds: npm run bench:against -- HEAD~1 [3]')
  process.exitCode = 2
} else if (shared !== undefined)
  await compare(commit, Number(rounds), join(shared, 'conversations/ubuntu_irc.ndjson.gz'))

/** Seconds of the first sync and of the quiet ones after it. */
type Seconds = Record<'full' | 'quiet', number>

async function compare(commit: string, rounds: number, ndjson: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-against-'))
  const before = checkOut(commit, join(folder, 'before'))
  const sides = [
    ['before', join(before, 'bin/parley.js')],
    ['now', join(ROOT, 'bin/parley.js')],
  ] as const
  try {
    for (const mode of MODES) {
      const tenant = await startTenant({ dataset: { ndjson, teams: 25, limit: MESSAGES } })
      tenant.writeSpec(specText({ read_mode: mode }))
      // Answers that are made for the first time take the server longer.
      await once(tenant, sides[0][1], folder)
      const took: Record<'before' | 'now', Seconds[]> = { before: [], now: [] }
      for (let round = 0; round < rounds; round++)
        for (const [side, launcher] of round % 2 === 0 ? sides : sides.toReversed())
          took[side].push(await once(tenant, launcher, folder))
      await tenant.close()
      report(mode, took)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The files of a commit with what it depends on: ours, where it asks for the same. */
function checkOut(commit: string, folder: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, maxBuffer: 1 << 28 })
  git('clone', '--quiet', '--no-checkout', ROOT, folder)
  execFileSync('git', ['checkout', '--quiet', git('rev-parse', commit).toString().trim()], { cwd: folder })
  const isSame = git('diff', '--name-only', commit, '--', 'package-lock.json').length === 0
  if (isSame) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  else execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' })
  return folder
}

async function once(tenant: Tenant, launcher: string, folder: string): Promise<Seconds> {
  const file = join(folder, 'lake.duckdb')
  const args = [...tenant.args.slice(0, -1), `duckdb:${file}`]
  const run = async () => {
    const began = performance.now()
    const { code, result, stderr } = await sync(args, { launcher, timeoutMs: 600_000 })
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
    // Of the whole process: what a commit does sooner or later than another, before or after its result, counts too.
    return { seconds: (performance.now() - began) / 1000, changed: changedRows(result) }
  }
  const full = await run()
  const quiet: number[] = []
  for (let waited = 0; quiet.length < QUIET_SYNCS && waited < QUIET_SECONDS; waited += quiet.at(-1)!) {
    tenant.later()
    const { seconds, changed } = await run()
    if (changed > 0) throw new Error(`the quiet sync changed ${changed} rows`)
    quiet.push(seconds)
  }
  for (const name of [file, `${file}.wal`, `${file}.parley`]) rmSync(name, { recursive: true, force: true })
  return { full: full.seconds, quiet: median(quiet) }
}

function report(mode: string, took: Record<'before' | 'now', Seconds[]>): void {
  for (const which of ['full', 'quiet'] as const) {
    const [before, now] = [took.before, took.now].map((all) => median(all.map((one) => one[which])))
    // The machine's speed wanders from round to round; the two of one round are minutes closer.
    const ratio = median(took.now.map((one, round) => one[which] / took.before[round]![which]))
    const verdict = ratio > NOISE ? ', slower' : ''
    console.log(
      `${mode}, ${which} sync: before ${before!.toFixed(2)} s, now ${now!.toFixed(2)} s: ${ratio.toFixed(2)}${verdict}`,
    )
    if (ratio > NOISE) process.exitCode = 1
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
