import { realClock, startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { FaultySimulator, LATER_MS, type World } from './world.ts'

const SECRET = 'kAnary~1/+=&?%secret-of-the-app'
const WRONG = 'kAnary~2/+=&?%secret-that-is-wrong'

export async function startFaultyTeams(): Promise<World> {
  const clock = realClock()
  const generated = { teams: 2, channelsPerTeam: 2, messagesPerChannel: 40, days: 20 }
  const credentials = { clientSecret: SECRET }
  const simulator = await startTeamsSimulator({ seed: 8, dataset: { generated }, throttle: 'off', clock, credentials })
  const { mutate, truth } = simulator
  const faulty = new FaultySimulator(simulator, 'export')
  let secret = SECRET
  const front = await faulty.front('Bearer', () => secret)
  const direct = { graph_base_url: simulator.origin, login_base_url: simulator.origin }
  const team = truth.teams()[1]!.id
  clock.advance(LATER_MS)
  return {
    connection: { ...simulator.connection, graph_base_url: front.origin, login_base_url: front.origin },
    direct,
    secrets: [SECRET, WRONG],
    told: faulty.told,
    breakOnce: faulty.breakOnce,
    broken: faulty.broken,
    change() {
      for (const { id: team_id } of truth.teams()) {
        for (let i = 0; i < 3; i++) mutate.newRoot({ team_id })
        mutate.edit({ team_id })
        mutate.delete({ team_id })
      }
      clock.advance(LATER_MS)
    },
    truth: () =>
      [...truth.messages()]
        .filter(({ json }) => json.replyToId === null)
        .map(({ team_id, channel_id, id, json }) => {
          const { content } = json.body as { content: string }
          return [team_id, channel_id, id, Date.parse(String(json.lastModifiedDateTime)), content]
        }),
    faults: [
      {
        name: 'a wrong client secret',
        code: 'PARLEY_AUTH_INVALID_SECRET',
        remedy: /Set client_secret to the value, not the id/,
        begin() {
          secret = WRONG
          return { client_secret: WRONG }
        },
        end() {
          secret = SECRET
        },
      },
      {
        name: '403 of one team',
        code: 'PARLEY_PERMISSION_MISSING',
        remedy: /Grant the app ChannelMessage\.Read\.All \(application\) with admin consent/,
        begin() {
          mutate.refuseTeam(team)
          return {}
        },
        end: () => mutate.allowTeam(team),
        hides: ([team_id]) => team_id === team,
      },
      ...faulty.faults(direct),
    ],
    vanishing: {
      begin: () => mutate.removeTeam(team),
      end: () => mutate.restoreTeam(team),
      hides: ([team_id]) => team_id === team,
    },
    async close() {
      await front.close()
      await simulator.close()
    },
  }
}
