import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock, startTeamsSimulator, type TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from './environment.ts'
import { PipelinesProject } from './spark_pipelines.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000
const COLUMNS = `team_id, channel_id, id, epoch_ms("lastModifiedDateTime")::VARCHAR AS changed, body.content AS content`

describe.skipIf(environment === null)('Teams by spark-pipelines, as the project of the documentation', () => {
  let folder: string
  let simulator: TeamsSimulator
  let project: PipelinesProject
  let team: string

  const teams = () => simulator.truth.teams().map(({ id }) => id)

  function truth(replies: boolean): Set<string> {
    const wanted = [...simulator.truth.messages()].filter(({ json }) => (json.replyToId !== null) === replies)
    return new Set(
      wanted.map(({ team_id, channel_id, id, json }) => {
        const changed = String(Date.parse(String(json.lastModifiedDateTime)))
        const { content } = json.body as { content: string }
        return JSON.stringify({ team_id, channel_id, id, changed, content })
      }),
    )
  }

  const held = async (table: string) => (await project.rows(table, COLUMNS)).map((row) => JSON.stringify(row))

  const channels = async () =>
    (await project.rows('channels', 'team_id, id')).map(({ team_id, id }) => `${team_id} ${id}`)

  /** A run that goes to its end. */
  async function run(): Promise<void> {
    const { code, output } = await project.run()
    expect(output).toContain('Run is COMPLETED.')
    // A good run ends with 1 on Spark 4.2 and 4.3: SPARK-59135.
    if (code !== 0)
      expect(output).toContain('[UNKNOWN_RESPONSE] Unknown response: Plan observed(__python_accumulator__')
  }

  /** The views hold the latest of every message, once. */
  async function expectLatest(of: readonly string[] = teams()): Promise<void> {
    const among = (row: string) => of.includes(JSON.parse(row).team_id)
    for (const [table, replies] of [
      ['messages', false],
      ['message_replies', true],
    ] as const)
      expect((await held(table)).filter(among).sort(), table).toEqual([...truth(replies)].filter(among).sort())
  }

  function change(...of: string[]): void {
    for (const team_id of of) {
      simulator.mutate.newRoot({ team_id })
      simulator.mutate.edit({ team_id })
      simulator.mutate.delete({ team_id })
    }
    // Longer than any lookback, so that the next run reads none of it again.
    simulator.clock.advance(10 * MINUTES)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-pipelines-'))
    const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 40, days: 20 }
    simulator = await startTeamsSimulator({ seed: 4, dataset: { generated }, throttle: 'off', clock: realClock() })
    simulator.clock.advance(10 * MINUTES)
    team = teams()[1]!
    project = new PipelinesProject(folder, environment!.python, simulator.connection)
    const file = join(folder, '_generated_microsoft_teams_python_source.py')
    bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', file)
  })

  afterAll(async () => {
    await simulator?.close()
    if (process.env.PARLEY_KEEP === undefined) await rm(folder, { recursive: true, force: true })
  })

  it('reads everything, and in a second run nothing', { timeout: 10 * MINUTES }, async () => {
    await run()
    await expectLatest()
    const wanted = simulator.truth.teams().flatMap((one) => one.channels.map(({ id }) => `${one.id} ${id}`))
    expect((await channels()).sort()).toEqual(wanted.sort())
    const appended = (await held('messages_read')).sort()
    expect(appended).toEqual([...truth(false)].sort())
    await run()
    expect((await held('messages_read')).sort()).toEqual(appended)
    await expectLatest()
  })

  it('adds what changed, goes on without a team that refuses, and catches up', { timeout: 10 * MINUTES }, async () => {
    const before = new Set(await held('messages_read'))
    const listed = await channels()
    change(...teams())
    simulator.mutate.refuseTeam(team)
    const { code, output } = await project.run()
    expect(code).not.toBe(0)
    expect(output).toContain('[PARLEY_PERMISSION_MISSING]')
    expect(output).not.toContain('Run is COMPLETED.')
    // Spark started the streams again. A list that lacks a team is none, and its view is empty until the next good run.
    expect(output).toContain('Flow spark_catalog.default.messages_flow has COMPLETED.')
    expect(output).toContain("Flow 'spark_catalog.default.channels' has FAILED.")
    expect(await channels()).toEqual([])
    await expectLatest(teams().filter((id) => id !== team))
    simulator.mutate.allowTeam(team)
    await run()
    await expectLatest()
    expect((await channels()).sort()).toEqual(listed.sort())
    const after = await held('messages_read')
    expect(new Set(after)).toEqual(new Set([...before, ...truth(false)]))
  })
})
