import { microsoftTeams } from '../../sources/microsoft_teams/index.ts'
import { startTeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { conformance } from './suite.ts'

conformance('microsoft_teams', async () => {
  const simulator = await startTeamsSimulator({
    throttle: 'off',
    dataset: { generated: { teams: 3, channelsPerTeam: 2, messagesPerChannel: 60 } },
  })
  return {
    source: microsoftTeams,
    connection: { ...simulator.connection },
    tableOptions: { page_size: '20', settle_seconds: '0' },
    refuseOne: () => {
      const { id } = simulator.truth.teams()[1]!
      simulator.mutate.refuseTeam(id)
      return { partition: id, allow: () => simulator.mutate.allowTeam(id) }
    },
    close: () => simulator.close(),
  }
})
