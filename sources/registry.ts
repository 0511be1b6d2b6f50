import type { Instant } from '../libs/connect/instant.ts'
import type { SourceDefinition } from '../libs/connect/source.ts'
import type { FaultPlan } from '../libs/simulator/fault_plan.ts'

/** What `parley simulate` can ask of any source's simulator. */
export interface SimulateOptions {
  /** 0: a free port. */
  port: number
  seed: number
  /** How many messages to make up, a file of conversations (NDJSON, plain or gzip), or the sample tenant. */
  size: number | { file: string } | 'sample'
  throttle: 'documented' | 'off'
  latencyMs: number
  /** Where the simulator's clock begins; absent: at the real time. Made-up data ends there, so the same time makes the same data. */
  startAt?: Instant
  faults?: FaultPlan
}

export interface RunningSimulator {
  origin: string
  /** The source's connection options that reach it: a connection file's content. */
  connection: object
  close(): Promise<void>
}

export interface SourceModule {
  source: SourceDefinition
  startSimulator(options: SimulateOptions): Promise<RunningSimulator>
}

/** Every source by name. One line a source; each is loaded when it is asked for, so that a command pays for one only. */
export const sources: Readonly<Record<string, () => Promise<SourceModule>>> = {
  microsoft_teams: async () => ({
    source: (await import('./microsoft_teams/index.ts')).microsoftTeams,
    startSimulator: startTeams,
  }),
}

async function startTeams({ size, startAt, ...rest }: SimulateOptions): Promise<RunningSimulator> {
  const { realClock, startTeamsSimulator } = await import('./microsoft_teams/simulator/index.ts')
  const clock = realClock()
  if (startAt === undefined) return startTeamsSimulator({ ...rest, clock, dataset: toDataset(size) })
  // The clock stands still until the data is made, so that a slow start does not move it by some milliseconds.
  let now = (): Instant => startAt
  const simulator = await startTeamsSimulator({
    ...rest,
    clock: { ...clock, now: () => now() },
    dataset: toDataset(size),
  })
  clock.advance(startAt - clock.now())
  now = clock.now
  return simulator
}

function toDataset(size: SimulateOptions['size']) {
  if (size === 'sample') return { sample: true } as const
  return typeof size === 'number' ? { generated: shape(size) } : { ndjson: size.file }
}

/** A tenant of `size` messages with teams of four channels, and not more than 2,000 messages in most channels. */
function shape(size: number): { teams: number; channelsPerTeam: number; messagesPerChannel: number } {
  const channelsPerTeam = Math.min(4, size)
  const teams = Math.max(1, Math.min(200, Math.round(size / 8000)))
  return { teams, channelsPerTeam, messagesPerChannel: Math.max(1, Math.ceil(size / (teams * channelsPerTeam))) }
}
