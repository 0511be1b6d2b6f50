import { type RunningSimulator, type SimulateOptions, startAtInstant } from '../../../libs/simulator/simulate.ts'
import { startDiscordSimulator } from './start_simulator.ts'
import type { Dataset } from './types.ts'

/** Guilds as `parley simulate` asks for them. */
export function simulate({ size, startAt, ...rest }: SimulateOptions): Promise<RunningSimulator> {
  return startAtInstant(startAt, (clock) => startDiscordSimulator({ ...rest, clock, dataset: toDataset(size) }))
}

function toDataset(size: SimulateOptions['size']): Dataset {
  if (size === 'sample') return { sample: true }
  return typeof size === 'number' ? { generated: shape(size) } : { ndjson: size.file }
}

/** Guilds of about `size` messages in their channels, with not more than 2,000 in most of them. */
function shape(size: number): { guilds: number; channelsPerGuild: number; messagesPerChannel: number } {
  const channelsPerGuild = Math.min(8, size)
  const guilds = Math.max(1, Math.min(50, Math.round(size / 16_000)))
  return { guilds, channelsPerGuild, messagesPerChannel: Math.max(1, Math.ceil(size / (guilds * channelsPerGuild))) }
}
