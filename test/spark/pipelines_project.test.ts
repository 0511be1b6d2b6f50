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

  /** A run that goes to its end. */
  async function run(): Promise<void> {
    const { code, output } = await project.run()
    expect(output).toContain('Run is COMPLETED.')
    // A good run ends with 1 on Spark 4.2 and 4.3: SPARK-59135.
    if (code !== 0)
      expect(output).toContain('[UNKNOWN_RESPONSE] Unknown response: Plan observed(__python_accumulator__')
  }

  /** The views hold the latest of every message, once. */
  async function expectLatest(): Promise<void> {
    for (const [table, replies] of [
      ['messages', false],
      ['message_replies', true],
    ] as const)
      expect((await held(table)).sort(), table).toEqual([...truth(replies)].sort())
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-pipelines-'))
    const generated = { teams: 3, channelsPerTeam: 2, messagesPerChannel: 40, days: 20 }
    simulator = await startTeamsSimulator({ seed: 4, dataset: { generated }, throttle: 'off', clock: realClock() })
    simulator.clock.advance(10 * MINUTES)
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
    const channels = await project.rows('channels', 'team_id, id')
    const wanted = simulator.truth.teams().flatMap((one) => one.channels.map(({ id }) => ({ team_id: one.id, id })))
    expect(channels).toEqual(expect.arrayContaining(wanted))
    expect(channels).toHaveLength(wanted.length)
    const appended = (await held('messages_read')).sort()
    expect(appended).toEqual([...truth(false)].sort())
    await run()
    expect((await held('messages_read')).sort()).toEqual(appended)
    await expectLatest()
  })
})
