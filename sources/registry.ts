import type { SourceDefinition } from '../libs/connect/source.ts'
import type { RunningSimulator, SimulateOptions } from '../libs/simulator/simulate.ts'

export interface SourceModule {
  source: SourceDefinition
  startSimulator(options: SimulateOptions): Promise<RunningSimulator>
}

/** Every source by name. One line a source; each is loaded when it is asked for, so that a command pays for one only. */
export const sources: Readonly<Record<string, () => Promise<SourceModule>>> = {
  discord: async () => ({
    source: (await import('./discord/index.ts')).discord,
    startSimulator: async (options) => (await import('./discord/simulator/simulate.ts')).simulate(options),
  }),
  microsoft_teams: async () => ({
    source: (await import('./microsoft_teams/index.ts')).microsoftTeams,
    startSimulator: async (options) => (await import('./microsoft_teams/simulator/simulate.ts')).simulate(options),
  }),
}
