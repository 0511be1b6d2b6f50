import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTeamsSimulator, type TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from './environment.ts'
import { type RunAnswer, SparkDriver } from './spark_driver.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000

describe.skipIf(environment === null)('Teams on Spark: a partitioned stream into Delta, equal to the truth', () => {
  let folder: string
  let simulator: TeamsSimulator
  let driver: SparkDriver
  let team: string

  const start = (): SparkDriver =>
    new SparkDriver({
      python: environment!.python,
      folder,
      bundle: join(folder, '_generated_microsoft_teams_python_source.py'),
      options: { ...simulator.connection, concurrent_tasks: '1' },
      keys: ['team_id', 'channel_id', 'id'],
      cursor: 'lastModifiedDateTime',
    })

  /** Changes of every kind in every team that answers, then time enough that they have settled. */
  function change(...teams: string[]): void {
    for (const team_id of teams) {
      simulator.mutate.newRoot({ team_id })
      simulator.mutate.edit({ team_id })
      simulator.mutate.edit({ team_id })
      simulator.mutate.delete({ team_id })
      simulator.mutate.addReaction({ team_id })
    }
    simulator.clock.advance(2 * MINUTES)
  }

  const teams = (): string[] => simulator.truth.teams().map(({ id }) => id)
  const others = (): string[] => teams().filter((id) => id !== team)

  /** Keys, times and texts that the table lacks, has too much or has otherwise. */
  async function differences(of: readonly string[] = teams(), table = 'messages'): Promise<string[]> {
    const columns = ['team_id', 'channel_id', 'id', 'unix_millis(lastModifiedDateTime)', 'body.content']
    const { file } = await driver.dump(table, columns)
    const rows = JSON.parse(await readFile(file, 'utf8')) as unknown[][]
    const held = new Set(rows.map((row) => JSON.stringify(row)))
    expect(rows.length, 'no key twice').toBe(new Set(rows.map((row) => row.slice(0, 3).join())).size)
    const truth = [...simulator.truth.messages()]
      .filter(({ json }) => (table === 'messages') === (json.replyToId === null))
      .map(({ team_id, channel_id, id, json }) => {
        const body = json.body as { content: string }
        return [team_id, channel_id, id, Date.parse(String(json.lastModifiedDateTime)), body.content]
      })
    const wanted = new Set(truth.filter(([id]) => of.includes(String(id))).map((row) => JSON.stringify(row)))
    const extra = [...held].filter((row) => !wanted.has(row) && of.includes(JSON.parse(row)[0]))
    return [
      ...[...wanted].filter((row) => !held.has(row)).map((row) => `lacks ${row}`),
      ...extra.map((row) => `extra ${row}`),
    ]
  }

  /** The last batch in one of the checkpoint's logs. */
  async function logged(log: 'offsets' | 'commits'): Promise<number> {
    const names = await readdir(join(folder, 'messages_checkpoint', log))
    return Math.max(...names.map(Number).filter(Number.isInteger))
  }

  function tell(step: string, answer: RunAnswer | null): void {
    const result = answer === null ? 'killed' : (code(answer) ?? 'done')
    const offset = answer?.offset === undefined ? '' : ` ${JSON.stringify(answer.offset)}`
    console.log(`${step}: ${result}, batches [id, rows] ${JSON.stringify(answer?.batches ?? [])}${offset}`)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-spark-'))
    bundle(
      'sources/microsoft_teams/index.ts',
      'microsoftTeams',
      join(folder, '_generated_microsoft_teams_python_source.py'),
    )
    const generated = { teams: 4, channelsPerTeam: 2, messagesPerChannel: 80, days: 20 }
    simulator = await startTeamsSimulator({ seed: 5, dataset: { generated }, throttle: 'off' })
    simulator.clock.advance(2 * MINUTES)
    team = teams()[1]!
    driver = start()
  })

  afterAll(async () => {
    await driver?.close()
    await simulator?.close()
    if (process.env.PARLEY_KEEP === undefined) await rm(folder, { recursive: true, force: true })
  })

  it('loads everything, roots and replies, and then nothing twice', { timeout: 8 * MINUTES }, async () => {
    const full = await driver.run('messages')
    tell('full load', full)
    expect(full?.error).toBeNull()
    expect(await differences()).toEqual([])
    const replies = await driver.run('message_replies')
    tell('replies', replies)
    expect(await differences(teams(), 'message_replies')).toEqual([])
    change(...teams())
    const second = await driver.run('messages')
    tell('second run', second)
    expect(await differences()).toEqual([])
    expect(rowsOf(second)).toBeLessThan(rowsOf(full))
  })

  it('goes on without a team that refuses, and catches up when it answers', { timeout: 8 * MINUTES }, async () => {
    change(...teams())
    simulator.mutate.refuseTeam(team)
    const failed = await driver.run('messages')
    tell('a team refuses', failed)
    expect(code(failed)).toBe('PARLEY_PERMISSION_MISSING')
    change(...others())
    const replayed = await driver.run('messages')
    tell('replay, then without it', replayed)
    expect(replayed?.error).toBeNull()
    expect(Object.keys(replayed!.offset.behind as object)).toHaveLength(1)
    expect(await differences(others())).toEqual([])
    simulator.mutate.allowTeam(team)
    change(...teams())
    tell('it answers again', await driver.run('messages'))
    expect(await differences()).toEqual([])
  })

  it.each(['before', 'after'])(
    'survives SIGKILL %s the MERGE, with edits in between',
    { timeout: 8 * MINUTES },
    async (kill) => {
      change(...teams())
      const killed = await driver.run('messages', { kill })
      tell(`killed ${kill} the MERGE`, killed)
      expect(killed).toBeNull()
      change(...teams())
      driver = start()
      tell('replay', await driver.run('messages'))
      expect(await differences()).toEqual([])
    },
  )

  it('keeps a team that joined, was killed, refused in the replay and killed again', {
    timeout: 8 * MINUTES,
  }, async () => {
    team = simulator.mutate.newTeam('late').team_id
    simulator.mutate.newChannel({ team_id: team })
    for (let i = 0; i < 60; i++) simulator.mutate.newRoot({ team_id: team })
    change(...teams())
    tell('killed before the MERGE', await driver.run('messages', { kill: 'before' }))
    simulator.mutate.refuseTeam(team)
    driver = start()
    const again = await driver.run('messages', { kill: 'committed' })
    tell('replay without it, killed after its commit', again)
    expect(again).toBeNull()
    expect(await logged('offsets'), 'the next window was not planned yet').toBe(await logged('commits'))
    simulator.mutate.allowTeam(team)
    change(...teams())
    driver = start()
    tell('it answers', await driver.run('messages'))
    expect(await differences()).toEqual([])
    tell('replies', await driver.run('message_replies'))
    expect(await differences(teams(), 'message_replies')).toEqual([])
  })
})

function rowsOf(answer: RunAnswer | null): number {
  return answer?.batches.reduce((sum, [, rows]) => sum + rows, 0) ?? 0
}

/** The code of the error that ended a query, as Spark's text carries it. */
function code(answer: RunAnswer | null): string | undefined {
  return /\[(PARLEY_[A-Z_]+)\]/.exec(answer?.error ?? '')?.[1]
}
