import { type RunningSimulator, type SimulateOptions, startAtInstant } from '../../../libs/simulator/simulate.ts'
import { startTeamsSimulator } from './start_simulator.ts'
import type { Dataset } from './types.ts'

/** A tenant as `parley simulate` asks for it. */
export function simulate({ size, startAt, ...rest }: SimulateOptions): Promise<RunningSimulator> {
  return startAtInstant(startAt, (clock) => startTeamsSimulator({ ...rest, clock, dataset: toDataset(size) }))
}

function toDataset(size: SimulateOptions['size']): Dataset {
  if (size === 'sample') return { sample: true }
  return typeof size === 'number' ? { generated: shape(size) } : { ndjson: size.file }
}

/** A tenant of `size` messages with teams of four channels, and not more than 2,000 messages in most channels. */
function shape(size: number): { teams: number; channelsPerTeam: number; messagesPerChannel: number } {
  const channelsPerTeam = Math.min(4, size)
  const teams = Math.max(1, Math.min(200, Math.round(size / 8000)))
  return { teams, channelsPerTeam, messagesPerChannel: Math.max(1, Math.ceil(size / (teams * channelsPerTeam))) }
}
